/** Bytes over real pipes: what is sent arrives whole and in order, also when the kernel takes it in parts. */
import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { PipeChannel } from '@troupe/transport-node/internal'
import { until, within } from '../stories/support.js'

/** Another process at the other end of a channel; see there for what it can do. */
const PEER = fileURLToPath(new URL('../fixtures/pipe-peer.js', import.meta.url))

const STDIO: StdioOptions = ['pipe', 'inherit', 'inherit', 'pipe', 'pipe']

interface Peer {
  channel: PipeChannel
  child: ChildProcess
  /** All that came from there. */
  received(): Buffer
  drains: number
  /** `onClose` calls of the channel, and `onClosed` of its maker after each. */
  closed: string[]
  ended: Promise<unknown[]>
}

const running: ChildProcess[] = []

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})

function peer(what: string, ...args: string[]): Peer {
  const child = spawn(process.execPath, [PEER, what, ...args], {
    stdio: STDIO,
  })
  running.push(child)
  const chunks: Uint8Array[] = []
  const closed: string[] = []
  const channel = new PipeChannel(child.stdio[4] as Socket, child.stdio[3] as Socket, () => closed.push('told'))
  const result: Peer = {
    channel,
    child,
    drains: 0,
    closed,
    received: () => Buffer.concat(chunks),
    ended: once(child, 'exit'),
  }
  channel.open({
    onData: (chunk) => chunks.push(chunk),
    onDrain: () => {
      result.drains += 1
    },
    onClose: () => closed.push('closed'),
  })
  return result
}

/** Numbers, so that a hole, a repeat and a change of order all show. */
function numbered(bytes: number): Buffer {
  const numbers = Uint32Array.from({ length: bytes / 4 }, (_, index) => index)
  return Buffer.from(numbers.buffer)
}

const isClosed = ({ closed }: Peer): boolean => closed.length === 2

/** Sends in pieces, as a frame queue does: waits for the drain whenever the channel is full. */
async function sendAll(to: Peer, bytes: Buffer, piece: number): Promise<number> {
  let full = 0
  for (let at = 0; at < bytes.length; at += piece) {
    const scratch = Buffer.from(bytes.subarray(at, at + piece))
    const before = to.drains
    const more = to.channel.send(scratch)
    // The caller may overwrite it as soon as send returns.
    scratch.fill(0xee)
    if (more) continue
    full += 1
    await until(() => to.drains > before, 'a drain')
  }
  return full
}

test.each([100, 5_000, 70_000, 1_000_000])(
  'pieces of %i bytes arrive in order at a slow reader, and come back',
  async (piece) => {
    const bytes = numbered(4_000_000)
    const echo = peer('echo')
    const full = await sendAll(echo, bytes, piece)
    expect(full).toBeGreaterThan(0)
    echo.channel.close()
    await until(() => isClosed(echo), 'the end of the channel', 10_000)
    expect(Buffer.compare(echo.received(), bytes)).toBe(0)
    expect(echo.drains).toBe(full)
  },
)

test('an end comes after all that was sent, also when nobody waited for a drain', async () => {
  const bytes = numbered(2_000_000)
  const echo = peer('echo')
  expect(echo.channel.send(bytes)).toBe(false)
  echo.channel.close()
  await until(() => isClosed(echo), 'the end of the channel', 10_000)
  expect(Buffer.compare(echo.received(), bytes)).toBe(0)
  expect(await echo.ended).toEqual([0, null])
})

test('after the end nothing is sent, and nothing is thrown', async () => {
  const echo = peer('echo')
  echo.channel.send(Buffer.from('before'))
  echo.channel.close()
  echo.channel.close()
  expect(echo.channel.send(Buffer.from('after'))).toBe(true)
  await until(() => isClosed(echo), 'the end of the channel')
  expect(echo.received().toString()).toBe('before')
})

test('the receiver is told of the end once, after the last byte, and then the maker of the channel', async () => {
  const speaker = peer('speak', '1000000')
  await until(() => isClosed(speaker), 'the end of the channel')
  expect(speaker.received().length).toBe(1_000_000)
  expect(speaker.closed).toEqual(['closed', 'told'])
  speaker.channel.destroy()
  await speaker.ended
  expect(speaker.closed).toEqual(['closed', 'told'])
})

test('a lost way out does not end reading: all that the dead peer had sent is read', async () => {
  const bytes = numbered(160_000)
  const peerThatDies = peer('speakAndDie', String(bytes.length))
  await peerThatDies.ended
  // Nobody reads there any more: these writes fail.
  for (let n = 0; n < 20; n += 1) {
    expect(peerThatDies.channel.send(Buffer.alloc(100_000))).toBe(true)
  }
  await until(() => isClosed(peerThatDies), 'the end of the channel')
  expect(Buffer.compare(peerThatDies.received(), bytes)).toBe(0)
})

test('reading goes on after a write that waited has failed', async () => {
  const deaf = peer('deafen', '160000')
  const writer = deaf.child.stdio[3] as Socket
  deaf.channel.send(Buffer.alloc(4_000_000))
  await new Promise((resolve) => writer.once('close', resolve))
  // Only now it speaks.
  deaf.child.stdin!.end('go')
  await until(() => isClosed(deaf), 'the end of the channel')
  expect(Buffer.compare(deaf.received(), numbered(160_000))).toBe(0)
})

test('a peer that dies while much waits for it still has its last bytes read, and the sender is drained', async () => {
  const silent = peer('speakAndListenToNothing', '100000')
  await until(() => silent.received().length === 100_000, 'what it says')
  expect(silent.channel.send(Buffer.alloc(4_000_000))).toBe(false)
  silent.child.kill('SIGKILL')
  await until(() => isClosed(silent), 'the end of the channel')
  await until(() => silent.drains === 1, 'the drain of what nobody takes')
  expect(silent.channel.send(Buffer.from('more'))).toBe(true)
})

test('destroy drops what waits and ends both ways at once', async () => {
  const silent = peer('speakAndListenToNothing', '12')
  await until(() => silent.received().length === 12, 'what it says')
  silent.channel.send(Buffer.alloc(4_000_000))
  silent.channel.destroy()
  await until(() => isClosed(silent), 'the end of the channel')
  expect(silent.channel.send(Buffer.from('more'))).toBe(true)
  silent.child.kill()
  await silent.ended
})

describe('flushNow', () => {
  test('writes what libuv has not written and what waits behind it, once, however often it is called', async () => {
    const flusher = peer('flush', '3000000', '2')
    await until(() => isClosed(flusher), 'the end of the channel', 10_000)
    expect(Buffer.compare(flusher.received(), numbered(3_000_000))).toBe(0)
    expect(await flusher.ended).toEqual([0, null])
  })

  test('gives up at its deadline when nobody reads', async () => {
    const child = spawn(process.execPath, [PEER, 'flush', '3000000', '1', '100'], {
      stdio: STDIO,
    })
    running.push(child)
    // Nothing is read here until it is over.
    expect(await within(10_000, once(child, 'exit'))).toEqual([0, null])
    const reader = child.stdio[4] as Socket
    let received = 0
    reader.on('data', (chunk: Buffer) => (received += chunk.length))
    await once(reader, 'close')
    expect(received).toBeGreaterThan(0)
    expect(received).toBeLessThan(3_000_000)
  })
})
