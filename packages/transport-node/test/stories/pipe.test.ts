/** A pipe between processes: its ends move, close with their process, and lose nothing on the way. */
import { childProcess, createPipe, remote, select } from '@troupe/transport-node'
import { stopSystems, testSystem, within } from './support.js'

const { holder } = remote<typeof import('../fixtures/pipes.js')>(new URL('../fixtures/pipes.js', import.meta.url))

afterEach(stopSystems)

test('both ends send and receive; what was sent before the close is received, then comes the end of file', async () => {
  const { system } = testSystem()
  const [a, b] = createPipe<unknown>({ system })
  expect(a.send(1)).toBe(a.send({ two: 2 }))
  expect([await b.recv(), await b.recv()]).toEqual([1, { two: 2 }])
  await b.send('back')
  b.close()
  expect(await a.recv()).toBe('back')
  expect(await a.poll(1_000)).toBe(true)
  await expect(a.recv()).rejects.toMatchObject({ code: 'ERR_END_OF_STREAM', name: 'EndOfStreamError' })
  await expect(a.send(1)).rejects.toMatchObject({ code: 'ERR_PEER_CLOSED' })
  for await (const value of a) throw new Error(String(value))
  b.close()
  await expect(b.recv()).rejects.toMatchObject({ code: 'ERR_CONNECTION_CLOSED' })
})

test('a pipe of one direction has an end that receives and one that sends', async () => {
  const { system } = testSystem()
  const [reader, writer] = createPipe<number>({ duplex: false, system })
  expect([reader.readable, reader.writable, writer.readable, writer.writable]).toEqual([true, false, false, true])
  await expect((writer as never as typeof reader).recv()).rejects.toThrow('only sends')
  await expect((reader as never as typeof writer).send(1)).rejects.toThrow('only receives')
  expect(await reader.poll()).toBe(false)
  await expect(reader.recv({ timeout: 1 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
  let sent = 0
  while (writer.trySend(sent)) sent += 1
  expect(sent).toBe(256)
  await expect(writer.send(0, { timeout: 1 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
  const late = writer.send(sent)
  for (let value = 0; value <= 256; value += 1) expect(await reader.recv()).toBe(value)
  await late
  expect(() => writer.trySend((() => 1) as never)).toThrow('value is a function')
})

test('messages of bytes keep their borders; one too long says so, has it whole, and spoils nothing', async () => {
  const { system } = testSystem()
  const [a, b] = createPipe<unknown>({ system })
  const bytes = Uint8Array.of(1, 2, 3, 4, 5)
  await a.sendBytes(bytes, { offset: 1, size: 3 })
  bytes.fill(0)
  await a.sendBytes(new Uint8Array())
  await a.sendBytes(Uint8Array.of(6, 7, 8))
  await a.sendBytes(Uint8Array.of(9, 10))
  await a.send('text')
  expect([...(await b.recvBytes())]).toEqual([2, 3, 4])
  expect((await b.recvBytes()).byteLength).toBe(0)
  await expect(b.recvBytes({ maxLength: 2 })).rejects.toMatchObject({
    code: 'ERR_BUFFER_TOO_SHORT',
    bytes: Uint8Array.of(6, 7, 8),
  })
  const into = new Uint8Array(4)
  expect([await b.recvBytesInto(into, { offset: 1 }), ...into]).toEqual([2, 0, 9, 10, 0])
  await expect(b.recvBytes()).rejects.toThrow('Expected a message of bytes')
  expect(await b.recv()).toBe('text')
  await expect(a.sendBytes(bytes, { offset: 6 })).rejects.toThrow(RangeError)
})

test('an end that is sent to another process moves there with all that is in the pipe, and on, and back', async () => {
  const { system } = testSystem()
  const [mine, theirs] = createPipe<unknown>()
  for (const value of [1, 2, 3]) await mine.send(value)
  expect(await theirs.recv()).toBe(1)
  const waiting = theirs.recv().then(() => theirs.recv())
  const one = await system.spawn(holder, theirs, { on: childProcess() })
  expect(theirs.closed).toBe(true)
  await expect(waiting).rejects.toMatchObject({
    code: 'ERR_CONNECTION_CLOSED',
    message: expect.stringContaining('moved'),
  })
  expect(() => theirs.trySend(1)).toThrow('moved')
  theirs.close()
  await mine.send(4)
  expect(await one.ask('recv', 1)).toEqual([3])
  const other = await system.spawn(holder, undefined, { on: childProcess() })
  const { end } = await one.ask('give')
  await other.ask('hold', end)
  expect(await one.ask('outcome', 'recv')).toBe('ERR_CONNECTION_CLOSED')
  expect(await other.ask('recv', 1)).toEqual([4])
  await other.ask('send', ['hello', 'there'])
  const { end: back } = await other.ask('give')
  await mine.send(5)
  expect([await mine.recv(), await mine.recv(), await back.recv()]).toEqual(['hello', 'there', 5])
  await expect(other.ask('hold', mine).then(() => mine.recv())).rejects.toMatchObject({ code: 'ERR_CONNECTION_CLOSED' })
})

test('an end that has moved is refused at the call; one that moves while its message waits fails in its place', async () => {
  const { system } = testSystem()
  const [mine, theirs] = createPipe<unknown>()
  const [moves] = createPipe<unknown>()
  // Both lie in the pipe still: the first that leaves takes it along.
  await mine.send(moves)
  await mine.send(moves)
  await mine.send('after')
  const other = await system.spawn(holder, theirs, { on: childProcess() })
  expect(await within(5_000, other.ask('outcome', 'recv'))).toMatch(/^gave/)
  expect(await within(5_000, other.ask('outcome', 'recv'))).toBe('ERR_SERIALIZATION')
  expect(await within(5_000, other.ask('outcome', 'recv'))).toBe('gave after')
  expect(() => mine.send([moves])).toThrow(/was moved/)
})

test('an end is not twice in one message, and stays then', async () => {
  const { system } = testSystem()
  const [mine, theirs] = createPipe<unknown>()
  const other = await system.spawn(holder, undefined, { on: childProcess() })
  expect(() => other.tell('hold', [theirs, theirs] as never)).toThrow(/twice/)
  await mine.send(1)
  expect(await theirs.recv()).toBe(1)
})

test('what is aborted before it is sent is not sent', async () => {
  const [mine, theirs] = createPipe<unknown>()
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(mine.send(1, { signal })).rejects.toThrow('enough')
  await mine.send(2)
  expect(await theirs.recv()).toBe(2)
})

test('the death of a process closes its ends: what it had sent arrives, then the end of file', async () => {
  const { system } = testSystem()
  const [mine, theirs] = createPipe<unknown>()
  const victim = await system.spawn(holder, theirs, { on: childProcess() })
  await victim.ask('send', [1, 2])
  const waiting = Promise.all([mine.recv(), mine.recv(), mine.recv().catch((error: unknown) => error)])
  await victim.kill()
  expect(await within(2_000, waiting)).toEqual([1, 2, expect.objectContaining({ code: 'ERR_END_OF_STREAM' })])
  await expect(mine.send(1)).rejects.toMatchObject({ code: 'ERR_PEER_CLOSED' })
})

test('an end that is lost with the process that it was on its way to is closed', async () => {
  const { system, events } = testSystem()
  const [mine, theirs] = createPipe<unknown>()
  const victim = await system.spawn(holder, undefined, { on: childProcess() })
  const spawned = events.find((event) => event.type === 'spawned' && event.id === victim.id) as { pid?: number }
  process.kill(spawned.pid as number, 'SIGSTOP')
  victim.tell('hold', theirs)
  await victim.kill()
  await expect(within(2_000, mine.recv())).rejects.toMatchObject({ code: 'ERR_END_OF_STREAM' })
})

test('select tells which are ready: those with a message, and those at their end of file', async () => {
  const { system } = testSystem()
  const [a, other] = createPipe<number>({ system })
  const [b, peer] = createPipe<number>({ system })
  const [c] = createPipe<number>({ system })
  expect(await select([a, b, c], { timeout: -1 })).toEqual([])
  expect(await select([a, b, c], { timeout: 1 })).toEqual([])
  const first = select([a, b, c])
  await other.send(1)
  expect(await first).toEqual([a])
  peer.close()
  expect(await b.poll(1_000)).toBe(true)
  expect(await select([a, b, c])).toEqual([a, b])
  await expect(select([{} as never])).rejects.toThrow('a list of connections')
})
