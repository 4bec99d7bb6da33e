/** One system comes into another: its actors there, refs that cross, names, and what becomes of it all at the end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type ActorRef,
  type Codec,
  createSystem,
  defineActor,
  type Door,
  type Endpoint,
  type FarHost,
  type System,
} from '@troupe/core'
import { frameOf, helloFrame, Kind, MAX_PAYLOAD } from '@troupe/core/internal'
import { childProcess, remote, socket, type SocketOptions } from '@troupe/transport-node'
import { closeAll, folder, inn, stranger, visit } from './sockets.js'
import { failureOf, until } from './support.js'

const actors = remote<typeof import('../fixtures/actors.js')>(new URL('../fixtures/actors.js', import.meta.url))
const streams = remote<typeof import('../fixtures/makers.js')>(new URL('../fixtures/makers.js', import.meta.url))

const systems: System[] = []
const children: ChildProcess[] = []

function newSystem(name: string): System {
  const system = createSystem({ name })
  system.events$.subscribe(() => undefined)
  systems.push(system)
  return system
}

afterEach(async () => {
  await Promise.all(systems.splice(0).map((system) => system.stop()))
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await closeAll()
})

const own = defineActor({
  init: () => ({ n: 0 }),
  on: {
    add: (state: { n: number }, by: number) => (state.n += by),
    async *count(_: { n: number }, to: number) {
      for (let n = 1; n <= to; n += 1) yield n
    },
    async *items(_: { n: number }, to: number) {
      for (let number = 1; number <= to; number += 1) yield { number, description: 'nails' }
    },
    hold: (_: { n: number }, ref: ActorRef<any>) => ref,
    tellBack: (_: { n: number }, { ref, times }: { ref: ActorRef<any>; times: number }) => {
      for (let index = 0; index < times; index += 1) ref.tell('add', 1)
    },
    fail: (): number => {
      throw new RangeError('broken')
    },
  },
})

/** Two systems of this process, the one in the other. */
async function meet(options: object = {}): Promise<{ shop: System; client: System; door: Door; far: FarHost }> {
  const at = { path: join(folder(), 's'), ...options } as SocketOptions
  const [shop, client] = [newSystem('shop'), newSystem('client')]
  const door = await shop.listen(socket(at))
  const far = await client.connect(socket(at))
  return { shop, client, door, far }
}

describe('a system that has come in', () => {
  test('spawns there, tells, asks and streams, as on a launched host', async () => {
    const { client, door, far } = await meet()
    expect(door.guests).toBe(1)
    const ref = await client.spawn(actors.counter, { start: 1 }, { on: far, name: 'c' })
    expect(ref.id.split('.')[0]).toBe(far.id)
    ref.tell('add', 2)
    expect(await ref.ask('get')).toBe(3)
    expect(await ref.ask('pid')).toBe(process.pid)
    expect(client.tree()).toContain('c (')
    await ref.stop()
    expect(await client.whereis('c')).toBeUndefined()
  })

  test('finds what the other system calls by name, and talks to it', async () => {
    const { shop, far } = await meet()
    await shop.spawn(own, undefined, { name: 'counter' })
    const ref = (await far.whereis('counter')) as ActorRef<any>
    expect(await ref.ask('add', 2)).toBe(2)
    const items: number[] = []
    for await (const n of ref.stream('count', 100, { window: 4 })) items.push(n)
    expect(items).toHaveLength(100)
    expect(await far.whereis('nobody')).toBeUndefined()
    expect((await failureOf(ref.ask('fail'))).cause).toMatchObject({ name: 'RangeError', message: 'broken' })
    expect((await ref.exited).type).toBe('error')
  })

  test('has its refs work there, and those that it is given; one that comes back is the same again', async () => {
    const { shop, client, far } = await meet()
    const theirs = await shop.spawn(own, undefined, { name: 'theirs' })
    const ours = await client.spawn(own)
    expect([theirs.id === ours.id, theirs.equals(ours)]).toEqual([true, false])
    const proxy = (await far.whereis('theirs')) as ActorRef<any>
    expect((await proxy.ask('hold', ours)).equals(ours)).toBe(true)
    expect((await proxy.ask('hold', proxy)).equals(proxy)).toBe(true)
    await proxy.ask('tellBack', { ref: ours, times: 50 })
    while ((await ours.ask('add', 0)) < 50) await new Promise((resolve) => setImmediate(resolve))
    // Further in: an actor of theirs in a child of theirs takes a ref of ours.
    const deep = await shop.spawn(actors.counter, { start: 0 }, { on: childProcess(), name: 'deep' })
    const far2 = (await far.whereis('deep')) as ActorRef<any>
    expect(await far2.ask('add', 5)).toBe(5)
    await theirs.stop()
    expect((await proxy.exited).type).toBe('shutdown')
    await deep.stop()
  })

  test('has streams pass through to its children, whose windows are counted as they are used', async () => {
    const { shop, client, far } = await meet()
    const onFar = await client.spawn(streams.maker, undefined, { on: far })
    const ours = await client.spawn(own)
    const taker = await shop.spawn(streams.taker, undefined, { on: childProcess(), name: 'taker' })
    const ref = (await far.whereis('taker')) as typeof taker
    expect(await ref.ask('from', { maker: ours as never, to: 3_000, windowBytes: 2_000 }, { timeout: 10_000 })).toBe(
      3_000,
    )
    expect(await ref.ask('from', { maker: onFar, to: 3_000, windowBytes: 2_000 }, { timeout: 10_000 })).toBe(3_000)
    await taker.stop()
  })

  test('is slowed down as the actor behind is slow, and loses nothing in order', async () => {
    const { shop, far } = await meet()
    const seen: number[] = []
    const slow = defineActor({
      init: () => 0,
      on: {
        async take(_: number, n: number) {
          if (n % 64 === 0) await new Promise((resolve) => setImmediate(resolve))
          seen.push(n)
        },
      },
      mailbox: { capacity: 20 },
    })
    await shop.spawn(slow, undefined, { name: 'slow' })
    const ref = (await far.whereis('slow')) as ActorRef<{ take(n: number): void }>
    for (let n = 0; n < 2_000; n += 1) {
      await ref.ready()
      expect(ref.tell('take', n)).toBe(true)
    }
    await until(() => seen.length === 2_000, 'all handled')
    expect(seen).toEqual(Array.from({ length: 2_000 }, (_, n) => n))
  })

  test('leaves nothing there when it goes, however it goes', async () => {
    for (const end of ['stop', 'kill', 'system'] as const) {
      const { shop, client, door, far } = await meet()
      const theirs = await shop.spawn(own, undefined, { name: 'theirs' })
      const ref = await client.spawn(actors.counter, { start: 0 }, { on: far })
      const proxy = (await far.whereis('theirs')) as ActorRef<any>
      if (end === 'system') await client.stop()
      else await far[end]()
      expect((await ref.exited).type).toMatch(/shutdown|killed|noconnection/)
      expect((await proxy.exited).type).toMatch(/shutdown|killed|noconnection/)
      await until(() => door.guests === 0, 'no guest')
      // Theirs lives on.
      expect(await theirs.ask('add', 1)).toBe(1)
    }
  })

  test('is shown out when the door is stopped: what it had there stops, and it hears of it', async () => {
    const { client, door, far } = await meet()
    const ref = await client.spawn(actors.counter, { start: 0 }, { on: far })
    await door.stop()
    expect((await ref.exited).type).toMatch(/shutdown|noconnection/)
    expect((await far.exited).type).toMatch(/shutdown|noconnection/)
    expect(door.guests).toBe(0)
    expect(await failureOf(client.spawn(actors.counter, { start: 0 }, { on: far }))).toMatchObject({
      code: 'ERR_ACTOR_DOWN',
    })
  })

  test('may load at an open place only what the door names', async () => {
    const at = { port: 0, insecure: true } as SocketOptions
    const [shop, client] = [newSystem('shop'), newSystem('client')]
    const closed = await shop.listen(socket(at))
    const far = await client.connect(socket({ host: '127.0.0.1', port: closed.port as number, insecure: true }))
    expect((await failureOf(client.spawn(actors.counter, { start: 0 }, { on: far }))).message).toMatch(
      /lets nobody load that module/,
    )
    const open = await shop.listen(socket(at), { modules: [actors.counter] })
    const far2 = await client.connect(socket({ host: '127.0.0.1', port: open.port as number, insecure: true }))
    const ref = await client.spawn(actors.counter, { start: 4 }, { on: far2 })
    expect(await ref.ask('get')).toBe(4)
  })
})

describe('another process', () => {
  async function service(): Promise<{ child: ChildProcess; path: string }> {
    const path = join(folder(), 's')
    const main = fileURLToPath(new URL('../fixtures/service.js', import.meta.url))
    const child = spawn(process.execPath, [main, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    await new Promise((resolve) => child.stdout?.once('data', resolve))
    return { child, path }
  }

  test('that listens is used by name, and its death is that of the connection, told once', async () => {
    const { child, path } = await service()
    const client = newSystem('client')
    const far = await client.connect(socket({ path }))
    const ref = (await far.whereis('counter')) as ActorRef<any>
    expect(await ref.ask('pid')).toBe(child.pid)
    const spawned = await client.spawn(actors.counter, { start: 1 }, { on: far })
    expect(await spawned.ask('pid')).toBe(child.pid)
    child.kill('SIGKILL')
    expect((await far.exited).type).toBe('noconnection')
    expect((await ref.exited).type).toBe('noconnection')
    expect((await spawned.exited).type).toBe('noconnection')
    expect(await failureOf(ref.ask('add', 1))).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
  })
})

describe('bad peers', () => {
  /** `socket(options)` whose codec counts the blocks that it decodes, connection by connection. */
  function tapped(options: SocketOptions): { endpoint: Endpoint; decoded: number[] } {
    const endpoint = socket(options)
    const decoded: number[] = []
    const unpacker: Codec['unpacker'] = (portables) => {
      const inner = endpoint.codec.unpacker(portables)
      const at = decoded.push(0) - 1
      return {
        read: (block) => {
          decoded[at] = (decoded[at] as number) + 1
          return inner.read(block)
        },
      }
    }
    return { endpoint: { ...endpoint, codec: { ...endpoint.codec, unpacker } }, decoded }
  }

  const flooding = (): Buffer => Buffer.alloc(8_000_000, 0x80)

  test.each<[string, () => { options: SocketOptions; act: (say: (bytes: Uint8Array) => void) => void; code: string }]>([
    [
      'a wrong key',
      () => ({ options: { port: 0, authKey: 'right' }, act: () => undefined, code: 'ERR_AUTHENTICATION' }),
    ],
    [
      'a stalled handshake',
      () => ({
        options: { port: 0, authKey: 'right', handshakeTimeout: 100 },
        act: (say) => say(Buffer.from('troup')),
        code: 'ERR_TIMEOUT',
      }),
    ],
    [
      'a flood',
      () => ({ options: { port: 0, authKey: 'right' }, act: (say) => say(flooding()), code: 'ERR_PROTOCOL' }),
    ],
  ])(
    '%s, three times, are dropped alone, and no block of theirs is decoded; a good guest goes on',
    async (kind, given) => {
      const { options, act, code } = given()
      const shop = newSystem('shop')
      const refused: string[] = []
      shop.events$.subscribe((event) => {
        if (event.type === 'refused') refused.push((event.error as { code?: string }).code ?? '')
      })
      await shop.spawn(own, undefined, { name: 'counter' })
      const { endpoint, decoded } = tapped(options)
      const door = await shop.listen(endpoint)
      const there = { host: '127.0.0.1', port: door.port as number }
      const client = newSystem('client')
      const far = await client.connect(socket({ ...there, authKey: 'right' }))
      const ref = (await far.whereis('counter')) as ActorRef<any>
      let asked = 0
      const goesOn = async (): Promise<void> => expect(await ref.ask('add', 1)).toBe((asked += 1))
      await goesOn()
      const before = decoded.length
      for (let bad = 1; bad <= 3; bad += 1) {
        if (kind === 'a wrong key') {
          const error = await failureOf(newSystem('bad').connect(socket({ ...there, authKey: 'wrong' })))
          expect(error).toMatchObject({ code })
        } else {
          const other = stranger(there)
          act((bytes) => other.socket.write(bytes))
          await goesOn()
          await until(() => other.over, 'to be dropped')
        }
        await until(() => refused.length === bad, 'the refusal')
        await goesOn()
      }
      expect(refused).toEqual([code, code, code])
      expect(decoded).toHaveLength(before)
      expect(decoded.reduce((sum, each) => sum + each)).toBeGreaterThan(asked)
      expect(door.guests).toBe(1)
    },
  )

  test('one that is in and then sends garbage is dropped alone too, whatever bytes it sends', async () => {
    const path = join(folder(), 's')
    const shop = newSystem('shop')
    const refused: string[] = []
    shop.events$.subscribe((event) => void (event.type === 'refused' && refused.push(String(event.error))))
    await shop.spawn(own, undefined, { name: 'counter' })
    const door = await shop.listen(socket({ path }))
    const client = newSystem('client')
    const far = await client.connect(socket({ path }))
    const ref = (await far.whereis('counter')) as ActorRef<any>
    const head = { kind: Kind.block, flags: 0, origin: 1, destination: 2 }
    const envelope = (value: Uint8Array) =>
      Buffer.concat([
        Buffer.from([0xdd, 0, 0, 0, 5, 16, 0, 0]),
        value,
        Buffer.from([0xce, 0, 0, 0, value.length & 255]),
      ])
    const bad: [string, Uint8Array][] = [
      ['deep', envelope(Buffer.concat([Buffer.alloc(100_000, 0x91), Buffer.from([0xc0])]))],
      ['huge in words only', envelope(Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]))],
      ['a view of 4 GB', envelope(Buffer.from([0xc7, 8, 0x6e, 0x92, 0xa1, 0x78, 0xce, 0xff, 0xff, 0xff, 0xff]))],
      ['no envelopes', Buffer.from([0x93, 1, 2, 3])],
    ]
    for (const [index, [, payload]] of bad.entries()) {
      const talk = await visit({ path })
      const hello = { codec: 'msgpack-apart', host: 1, you: 2, system: 'bad', pid: 1 }
      talk.channel.send(helloFrame(hello))
      for (let at = 0; at < payload.length; at += MAX_PAYLOAD) {
        talk.channel.send(frameOf(head, payload.subarray(at, at + MAX_PAYLOAD)))
      }
      await until(() => talk.closed === 1 && refused.length === index + 1, `'${bad[index]?.[0]}' to be dropped`)
      expect(refused[index]).toContain('a block that cannot be read')
      expect(await ref.ask('add', 1)).toBe(index + 1)
    }
    expect(door.guests).toBe(1)
  })
})

describe('who does not fit', () => {
  test('by the codec is refused in words, on both sides', async () => {
    const path = join(folder(), 's')
    const shop = newSystem('shop')
    const refused: unknown[] = []
    shop.events$.subscribe((event) => void (event.type === 'refused' && refused.push(event.error)))
    const endpoint = socket({ path })
    await shop.listen({ ...endpoint, codec: { ...endpoint.codec, name: 'other' } })
    const client = newSystem('client')
    const error = await failureOf(client.connect(socket({ path })))
    expect(error).toMatchObject({ code: 'ERR_PROTOCOL' })
    expect(error.message).toMatch(/uses the codec 'other', we use 'msgpack-apart'/)
    await until(() => refused.length === 1, 'the refusal')
    expect(refused[0]).toMatchObject({ code: 'ERR_PROTOCOL' })
    expect((refused[0] as Error).message).toMatch(/uses the codec 'msgpack-apart', we use 'other'/)
  })

  test('by the version of the protocol is refused in words, on both sides', async () => {
    const hello = { troupe: 99, codec: 'msgpack-apart', system: 'newer', pid: 1 }
    const words = 'it speaks version 99 of the protocol, we speak 1'
    // Who listens is newer.
    const newer = await inn({ path: join(folder(), 's') })
    const connecting = failureOf(newSystem('client').connect(socket(newer.there)))
    await until(() => newer.guests.length === 1, 'the guest')
    newer.guests[0]?.channel.send(helloFrame({ ...hello, host: 2, you: 1 }))
    const error = await connecting
    expect(error).toMatchObject({ code: 'ERR_PROTOCOL' })
    expect(error.message).toContain(words)
    // Who connects is newer: it is sent our version before the end.
    const path = join(folder(), 's')
    const shop = newSystem('shop')
    const refused: string[] = []
    shop.events$.subscribe((event) => void (event.type === 'refused' && refused.push(String(event.error))))
    await shop.listen(socket({ path }))
    const guest = await visit({ path })
    guest.channel.send(helloFrame({ ...hello, host: 1, you: 2 }))
    await until(() => guest.closed === 1, 'the end')
    expect(guest.bytes.toString()).toContain('"troupe":1')
    await until(() => refused.length > 0, 'the refusal')
    expect(refused).toEqual([expect.stringContaining(words)])
  })

  test('a place where something else listens, nobody listens, or a signal that aborts: a clear error, nothing left', async () => {
    const client = newSystem('client')
    expect(await failureOf(client.connect(socket({ path: join(folder(), 'none') })))).toMatchObject({ code: 'ENOENT' })
    const server = createServer((connection) => connection.write('220 mail ready\r\n'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    expect(await failureOf(client.connect(socket({ host: '127.0.0.1', port, insecure: true })))).toMatchObject({
      code: 'ERR_PROTOCOL',
    })
    server.close()
    await expect(
      client.connect(socket({ path: '/x' }), { signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough')
    await expect(client.connect({} as never)).rejects.toThrow(/Expected `endpoint` to be a place to meet/)
  })
})
