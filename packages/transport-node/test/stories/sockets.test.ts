/** Systems meet at sockets: who may come in does, who may not is dropped alone, and harms nobody. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { Handshake } from '@troupe/transport-node/internal'
import { socket, type SocketOptions } from '@troupe/transport-node'
import { certificate, closeAll, folder, type Inn, inn, stranger, talks, visit } from './sockets.js'
import { failureOf, until, within } from './support.js'

afterEach(closeAll)

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const KEY = 'correct horse battery staple'
const tcp = (options: object = {}): SocketOptions => ({ port: 0, authKey: KEY, ...options })
const unix = (options: object = {}): SocketOptions => ({ path: join(folder(), 's'), ...options })

/** How a listening end at each kind of place is reached. */
const places: [string, () => { here: SocketOptions; there?: object }][] = [
  ['a unix socket', () => ({ here: unix() })],
  ['a unix socket with a key', () => ({ here: unix({ authKey: KEY }) })],
  ['TCP with a key', () => ({ here: tcp() })],
  ['TCP that is open to all', () => ({ here: { port: 0, insecure: true } })],
  [
    'TLS with a key',
    () => {
      const { key, cert } = certificate()
      return { here: tcp({ tls: { key, cert } }), there: { host: 'localhost', tls: { ca: cert } } }
    },
  ],
]

/** A preamble that fits, as whoever knows the protocol and not the key can send it. */
const preamble = (): Uint8Array =>
  new Handshake({
    role: 'connecting',
    key: Buffer.from('guess'),
    nonce: new Uint8Array(32).fill(5),
    peer: 'x',
  }).start()

const isDropped = (host: Inn, times = 1): Promise<void> => until(() => host.refused.length === times, 'the refusals')

describe.each(places)('over %s', (_, place) => {
  async function meet() {
    const { here, there = {} } = place()
    const host = await inn(here)
    const options = { ...host.there, ...there } as SocketOptions
    const guest = await visit(options)
    await until(() => host.guests.length === 1, 'the guest')
    return { host, guest, landlord: host.guests[0]!, options }
  }

  test('two ends that may meet do, and talk both ways', async () => {
    const { host, options } = await meet()
    await talks(host, options)
    expect(host.refused).toEqual([])
    expect(host.guests).toHaveLength(2)
  })

  test('megabytes arrive in order both ways, whoever is slow', async () => {
    const { guest, landlord } = await meet()
    const numbers = Buffer.from(Uint32Array.from({ length: 400_000 }, (_, index) => index).buffer)
    const pour = async (end: typeof guest): Promise<number> => {
      let full = 0
      const sizes = [100, 3_000, 200, 20_000, 70_000]
      for (let at = 0, piece = 0, turn = 0; at < numbers.length; at += piece) {
        piece = sizes[turn++ % sizes.length] as number
        const before = end.drains
        const scratch = Buffer.from(numbers.subarray(at, at + piece))
        const more = end.channel.send(scratch)
        scratch.fill(0xee)
        if (more) continue
        full += 1
        await until(() => end.drains > before, 'a drain', 10_000)
      }
      return full
    }
    await Promise.all([pour(guest), pour(landlord)])
    await until(() => [guest, landlord].every(({ bytes }) => bytes.length === numbers.length), 'all', 20_000)
    for (const { bytes } of [guest, landlord]) expect(Buffer.compare(bytes, numbers)).toBe(0)
  })

  test('an end comes after all that was sent, from either side, once', async () => {
    for (const closing of ['guest', 'landlord'] as const) {
      const met = await meet()
      const [one, other] = closing === 'guest' ? [met.guest, met.landlord] : [met.landlord, met.guest]
      const much = Buffer.alloc(2_000_000, 7)
      one.channel.send(much)
      one.channel.close()
      one.channel.close()
      // The other way is open until its end too.
      other.say('last word')
      await until(() => one.closed === 1 && other.closed === 1, 'both ends', 10_000)
      expect(Buffer.compare(other.bytes, much)).toBe(0)
      expect(one.bytes.toString()).toBe('last word')
      expect(one.channel.send(Buffer.from('more'))).toBe(true)
      expect([one.closed, other.closed]).toEqual([1, 1])
    }
  })

  test('a destroyed end ends both ways at once', async () => {
    const { guest, landlord } = await meet()
    guest.channel.send(Buffer.alloc(4_000_000))
    guest.channel.destroy()
    await until(() => guest.closed === 1 && landlord.closed === 1, 'both ends')
    expect(guest.channel.send(Buffer.from('more'))).toBe(true)
  })

  test('nothing is delivered before the channel is opened, and then all of it', async () => {
    const { here, there = {} } = place()
    const channels: import('@troupe/core').Channel[] = []
    const listening = await socket(here).listen({
      onChannel: (channel) => {
        channel.send(Buffer.from('first words'))
        channels.push(channel)
      },
      onRefused: () => undefined,
    })
    const reached = 'path' in here ? here : { ...here, port: listening.port as number, ...there }
    const channel = await socket(reached).connect()
    await until(() => channels.length === 1, 'the guest')
    channel.send(Buffer.from('hello'))
    // The words are on their way; others come and go before somebody opens.
    const other = place()
    const host = await inn(other.here)
    await talks(host, { ...host.there, ...other.there } as SocketOptions)
    const heard: string[] = []
    const hear = (name: string) => ({
      onData: (chunk: Uint8Array) => heard.push(`${name} ${Buffer.from(chunk)}`),
      onDrain: () => undefined,
      onClose: () => heard.push(`${name} closed`),
    })
    channel.open(hear('guest'))
    channels[0]?.open(hear('host'))
    await until(() => heard.length === 2, 'the words')
    expect(heard.sort()).toEqual(['guest first words', 'host hello'])
    channel.close()
    await until(() => heard.length === 4, 'the ends')
    await listening.close()
  })
})

test('what comes from a peer tells where it came from', async () => {
  const host = await inn(tcp())
  await talks(host)
  expect(host.guests[0]?.from).toMatch(/^tcp:127\.0\.0\.1:\d+$/)
  expect(host.listening.label).toBe(`tcp:127.0.0.1:${host.listening.port}`)
})

describe('who may not come in', () => {
  test('and stays is cut off at the deadline, however little he says', async () => {
    const host = await inn(tcp({ handshakeTimeout: 200 }))
    const rude = stranger(host.there)
    rude.socket.write(preamble())
    await until(() => rude.heard().length === 40, 'the challenge')
    rude.socket.allowHalfOpen = true
    rude.socket.write(Buffer.alloc(32))
    await isDropped(host)
    const drip = setInterval(() => rude.socket.write('x'), 20)
    await until(() => rude.over, 'to be cut off').finally(() => clearInterval(drip))
    expect(host.refused[0]?.error).toMatchObject({ code: 'ERR_AUTHENTICATION' })
  })

  test('a wrong key is refused with words on both sides, and no byte goes further', async () => {
    const host = await inn(tcp())
    const error = await failureOf(socket({ ...host.there, authKey: 'guess' } as SocketOptions).connect())
    await isDropped(host)
    for (const each of [error, host.refused[0]?.error]) {
      expect(each).toMatchObject({ code: 'ERR_AUTHENTICATION', name: 'AuthenticationError' })
      expect(each.message).toContain('the keys of the two ends differ')
    }
    expect(host.guests).toEqual([])
    await talks(host)
  })

  test('a key against none, and none against a key, are refused with words on both sides', async () => {
    const guarded = await inn(unix({ authKey: KEY }))
    const without = await failureOf(socket({ path: (guarded.there as { path: string }).path }).connect())
    await isDropped(guarded)
    expect(without.message).toContain('it asks for a key, and this end has none')
    expect(guarded.refused[0]?.error.message).toContain('this end asks for a key, and the other has none')

    const plain = await inn(unix())
    const keyed = await failureOf(socket({ ...plain.there, authKey: KEY }).connect())
    await isDropped(plain)
    expect(keyed.message).toContain('this end asks for a key, and the other has none')
    expect(plain.refused[0]?.error).toMatchObject({ code: 'ERR_AUTHENTICATION' })
    expect([...guarded.guests, ...plain.guests]).toEqual([])
  })

  test.each([
    ['says nothing', () => undefined],
    ['stops half way', (say: (bytes: Uint8Array) => void) => say(preamble().subarray(0, 20))],
    ['sends a preamble and no proof', (say: (bytes: Uint8Array) => void) => say(preamble())],
  ])('one that %s is dropped at its deadline', async (_, act) => {
    const host = await inn(tcp({ handshakeTimeout: 100 }))
    const late = stranger(host.there)
    act((bytes) => late.socket.write(bytes))
    await until(() => late.over, 'to be dropped')
    await isDropped(host)
    expect(host.refused[0]?.error).toMatchObject({ code: 'ERR_TIMEOUT' })
    expect(host.guests).toEqual([])
  })

  test('one that sends a byte now and then has no more time than others', async () => {
    const host = await inn(tcp({ handshakeTimeout: 200 }))
    const slow = stranger(host.there)
    const bytes = preamble()
    let at = 0
    const drip = setInterval(() => slow.socket.write(bytes.subarray(at, ++at)), 20)
    await until(() => slow.over, 'to be dropped')
    clearInterval(drip)
    await isDropped(host)
    expect(at).toBeLessThan(bytes.length)
    expect(host.refused[0]?.error).toMatchObject({ code: 'ERR_TIMEOUT' })
  })

  test.each([
    ['a request for a web page', () => Buffer.from('GET / HTTP/1.1\r\nHost: shop\r\n\r\n'), 'ERR_PROTOCOL'],
    ['a flood', () => Buffer.alloc(8_000_000, 0x80), 'ERR_PROTOCOL'],
    ['a flood behind a preamble', () => Buffer.concat([preamble(), Buffer.alloc(8_000_000)]), 'ERR_PROTOCOL'],
  ])('%s is dropped at once, and none of it goes further', async (_, said, code) => {
    const host = await inn(tcp({ handshakeTimeout: 60_000 }))
    const rude = stranger(host.there)
    rude.socket.write(said())
    await until(() => rude.over, 'to be dropped')
    await isDropped(host)
    expect(host.refused[0]?.error).toMatchObject({ code })
    expect(host.guests).toEqual([])
    await talks(host)
  })

  test('a flood in place of a proof is told why, and cut off', async () => {
    const host = await inn(tcp({ handshakeTimeout: 60_000 }))
    const rude = stranger(host.there)
    rude.socket.write(preamble())
    await until(() => rude.heard().length === 40, 'the challenge')
    // It does not end because we do.
    rude.socket.allowHalfOpen = true
    rude.socket.write(Buffer.alloc(8_000_000))
    await until(() => rude.over, 'to be dropped')
    expect(host.refused[0]?.error).toMatchObject({ code: 'ERR_AUTHENTICATION' })
    expect(host.guests).toEqual([])
  })

  test('who goes away amid the handshake is forgotten', async () => {
    const host = await inn(tcp())
    const gone = stranger(host.there)
    gone.socket.end(preamble().subarray(0, 10))
    await isDropped(host)
    expect(host.refused[0]?.error.message).toContain('it closed the connection amid the handshake')
  })

  test('many at once harm nobody: a good peer beside them comes in and goes on', async () => {
    const host = await inn(tcp({ handshakeTimeout: 60_000, backlog: 100 }))
    const friend = await visit(host.there)
    await until(() => host.guests.length === 1, 'the friend')
    const rude = Array.from({ length: 60 }, (_, index) => {
      const each = stranger(host.there)
      if (index % 3 === 1) each.socket.write(Buffer.alloc(200_000, index))
      if (index % 3 === 2) each.socket.write(preamble())
      return each
    })
    await Promise.all(rude.map((each) => once(each.socket, 'connect')))
    friend.say('still here')
    await host.guests[0]?.hears('still here')
    await talks(host)
    await isDropped(host, 20)
    expect(host.guests).toHaveLength(2)
  })

  test('beyond the backlog new ones are dropped alone, until there is room again', async () => {
    const host = await inn(tcp({ handshakeTimeout: 60_000, backlog: 3 }))
    const waiting = [1, 2, 3].map(() => stranger(host.there))
    await Promise.all(waiting.map((each) => once(each.socket, 'connect')))
    const error = await failureOf(socket(host.there).connect())
    expect(error.code).toMatch(/ERR_PROTOCOL|ECONNRESET|EPIPE/)
    expect(host.refused[0]?.error.message).toContain('too many others are waiting to come in')
    waiting[0]?.socket.destroy()
    await isDropped(host, 2)
    await talks(host)
  })
})

describe('who connects', () => {
  test('is told when something else lives there', async () => {
    const server = createServer((each) => void each.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.6\r\n'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const error = await failureOf(socket(tcp({ port })).connect())
    server.close()
    expect(error).toMatchObject({ code: 'ERR_PROTOCOL' })
    expect(error.message).toContain(`tcp:127.0.0.1:${port}`)
    expect(error.message).toContain('it does not speak Troupe: it began with "SSH-2.0-OpenSSH_')
  })

  test('is told when nobody is there', async () => {
    const { listening, there } = await inn(tcp())
    await listening.close()
    expect(await failureOf(socket(there).connect())).toMatchObject({ code: 'ECONNREFUSED' })
    expect(await failureOf(socket(unix()).connect())).toMatchObject({ code: 'ENOENT' })
    expect(await failureOf(socket(tcp()).connect())).toBeInstanceOf(RangeError)
  })

  describe('to one that never answers', () => {
    async function silent(): Promise<{ there: SocketOptions; seen: import('node:net').Socket[]; end(): void }> {
      const seen: import('node:net').Socket[] = []
      const server = createServer((each) => void seen.push(each.on('error', () => undefined).resume()))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as { port: number }
      return { there: tcp({ port, handshakeTimeout: 60_000 }), seen, end: () => server.close() }
    }

    test('gives up at its timeout, at its abort, or at the deadline of the handshake, and leaves nothing open', async () => {
      const { there, seen, end } = await silent()
      expect(await failureOf(socket(there).connect({ timeout: 50 }))).toMatchObject({ code: 'ERR_TIMEOUT' })
      const abort = new AbortController()
      const aborted = failureOf(socket(there).connect({ signal: abort.signal }))
      await until(() => seen.length === 2, 'the connection')
      abort.abort(new Error('changed my mind'))
      expect((await aborted).message).toBe('changed my mind')
      expect((await failureOf(socket(there).connect({ signal: abort.signal }))).message).toBe('changed my mind')
      const error = await failureOf(socket({ ...there, handshakeTimeout: 50 }).connect())
      expect(error).toMatchObject({ code: 'ERR_TIMEOUT' })
      expect(error.message).toContain('The handshake with tcp:127.0.0.1:')
      await until(() => seen.length === 3 && seen.every((each) => each.closed), 'the ends')
      end()
    })
  })
})

describe('TLS', () => {
  test('whose certificate is not known is refused; so is a door without one', async () => {
    const host = await inn(tcp({ tls: certificate(), handshakeTimeout: 60_000 }))
    const there = { ...host.there, host: 'localhost', tls: true as const } as SocketOptions
    expect(await failureOf(socket(there).connect())).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    await isDropped(host)
    expect(host.refused[0]?.error).toMatchObject({ code: 'ERR_PROTOCOL' })
    expect((await failureOf(socket(tcp({ tls: true })).listen({} as never))).message).toContain('`key` and `cert`')
  })

  test('still asks for the key', async () => {
    const { key, cert } = certificate()
    const host = await inn(tcp({ tls: { key, cert } }))
    const there = { ...host.there, host: 'localhost', authKey: 'guess', tls: { ca: cert } } as SocketOptions
    expect(await failureOf(socket(there).connect())).toMatchObject({ code: 'ERR_AUTHENTICATION' })
    await isDropped(host)
    expect(host.guests).toEqual([])
  })

  test('that is not spoken, or not to its end, is dropped like all else', async () => {
    const host = await inn(tcp({ tls: certificate(), handshakeTimeout: 100 }))
    const plain = stranger(host.there)
    plain.socket.write(preamble())
    await isDropped(host)
    expect(host.refused[0]?.error.message).toContain('TLS failed')
    const silent = stranger(host.there)
    await until(() => plain.over && silent.over, 'to be dropped')
    await isDropped(host, 2)
    expect(host.refused[1]?.error).toMatchObject({ code: 'ERR_TIMEOUT' })
  })
})

describe('a unix socket', () => {
  test("is its user's alone, whatever the process's mask says", async () => {
    const before = process.umask(0)
    try {
      const { there } = await inn(unix())
      expect(statSync((there as { path: string }).path).mode & 0o777).toBe(0o600)
      expect(process.umask()).toBe(0)
    } finally {
      process.umask(before)
    }
  })

  test('is free again once it is closed, and its channels go on', async () => {
    const host = await inn(unix())
    const { path } = host.there as { path: string }
    const guest = await visit(host.there)
    await host.listening.close()
    await host.listening.close()
    expect(existsSync(path)).toBe(false)
    guest.say('still here')
    await until(() => host.guests.length === 1, 'the guest')
    await host.guests[0]?.hears('still here')
    await talks(await inn({ path }))
  })

  test('that a dead listener left is replaced; one that is alive, and what is no socket, is not', async () => {
    const path = join(folder(), 's')
    // A listener whose file stays: bound under another name, and moved.
    const dead = createServer()
    await new Promise<void>((resolve) => dead.listen(`${path}.old`, resolve))
    renameSync(`${path}.old`, path)
    dead.close()
    expect(existsSync(path)).toBe(true)
    const host = await inn({ path })
    await talks(host)

    const alive = await failureOf(inn({ path }))
    expect(alive).toMatchObject({ code: 'EADDRINUSE' })
    expect(alive.message).toContain('a listener lives there')
    await talks(host)

    const file = join(folder(), 'file')
    writeFileSync(file, 'precious')
    const kept = await failureOf(inn({ path: file }))
    expect(kept.message).toContain('it is a file, and no socket')
    expect(statSync(file).size).toBe(8)
  })

  test('is made by a worker thread only where the folder is private too', async () => {
    const [closed, shared] = [folder(), join(folder(), 'shared')]
    mkdirSync(shared, { mode: 0o755 })
    const outcome = async (path: string): Promise<unknown> => {
      const thread = new Worker(fixture('socket-thread.js'), { workerData: path })
      const [[told]] = await Promise.all([once(thread, 'message'), once(thread, 'exit')])
      return told
    }
    expect(await outcome(join(closed, 's'))).toBe(0o600)
    expect(await outcome(join(shared, 's'))).toContain('listen from the main thread, or in a directory of mode 0700')
    expect(existsSync(join(shared, 's'))).toBe(false)
  })

  test('of another user is not talked to', async () => {
    const host = await inn(unix())
    const own = process.geteuid?.() as number
    const { geteuid } = process
    process.geteuid = () => own + 1
    try {
      // Files of the system's own user are trusted.
      const found = socket(host.there).connect()
      if (own === 0) (await found).destroy()
      else expect(await failureOf(found)).toMatchObject({ code: 'ERR_AUTHENTICATION' })
    } finally {
      process.geteuid = geteuid as () => number
    }
  })
})

test('neither what listens nor what came in keeps a process alive, and a pending connect does', async () => {
  const child = spawn(process.execPath, [fixture('socket-idle.js'), join(folder(), 's')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  expect(await within(10_000, once(child, 'close'))).toEqual([0, null])
  expect(said).toBe('connected')
})

test('a port is free again once it is closed, and who was not in yet is gone', async () => {
  const host = await inn(tcp({ handshakeTimeout: 60_000 }))
  const waiting = stranger(host.there)
  await once(waiting.socket, 'connect')
  await within(1_000, host.listening.close())
  await until(() => waiting.over, 'the stranger to be gone')
  expect(host.refused).toEqual([])
  const again = await inn(host.there)
  await talks(again)
  expect(await failureOf(inn(host.there))).toMatchObject({ code: 'EADDRINUSE' })
})
