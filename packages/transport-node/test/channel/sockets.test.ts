/** Channels over one socket, whose peer is a process that dies: what it had said is read, whatever happens to our words. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Channel } from '@troupe/core'
import { socket, type SocketOptions } from '@troupe/transport-node'
import { SocketChannel } from '@troupe/transport-node/internal'
import { certificate, closeAll, folder, Talk } from '../stories/sockets.js'
import { until } from '../stories/support.js'

const PEER = fileURLToPath(new URL('../fixtures/socket-peer.js', import.meta.url))
const running: ChildProcess[] = []

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await closeAll()
})

const numbered = (bytes: number): Buffer =>
  Buffer.from(Uint32Array.from({ length: bytes / 4 }, (_, index) => index).buffer)

const authKey = 'k'
const places: [string, () => { here: SocketOptions; there?: object }][] = [
  ['a unix socket', () => ({ here: { path: join(folder(), 's') } })],
  ['TCP', () => ({ here: { port: 0, authKey } })],
  [
    'TLS',
    () => {
      const { key, cert } = certificate()
      return { here: { port: 0, authKey, tls: { key, cert } }, there: { host: 'localhost', tls: { ca: String(cert) } } }
    },
  ],
]

async function peer(place: () => { here: SocketOptions; there?: object }, what: string, bytes: number) {
  const { here, there } = place()
  const channels: Channel[] = []
  const listening = await socket(here).listen({ onChannel: (each) => channels.push(each), onRefused: () => undefined })
  const options = 'path' in here ? here : { ...here, port: listening.port, ...there }
  const child = spawn(process.execPath, [PEER, what, JSON.stringify(options), String(bytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.push(child)
  const said = once(child.stdout, 'data')
  said.catch(() => undefined)
  await until(() => channels.length === 1, 'the peer', 10_000)
  await listening.close()
  return { child, said, channel: channels[0] as Channel }
}

const isOver = (child: ChildProcess): Promise<void> =>
  until(() => child.signalCode !== null || child.exitCode !== null, 'the end of the peer')

describe.each(places)('over %s', (kind, place) => {
  test('a lost way out does not end reading: all that the dead peer had said is read', async () => {
    const { child, channel } = await peer(place, 'speakAndDie', 120_000)
    await isOver(child)
    // Nobody reads there any more: these writes fail.
    for (let n = 0; n < 20; n += 1) {
      channel.send(Buffer.alloc(100_000))
      await new Promise(setImmediate)
    }
    const talk = new Talk(channel)
    await until(() => talk.closed === 1, 'the end of the channel')
    expect(Buffer.compare(talk.bytes, numbered(120_000))).toBe(0)
    expect(channel.send(Buffer.from('more'))).toBe(true)
  })

  test('a peer that dies while much waits for it still has its last bytes read, and the sender is drained', async () => {
    const { child, said, channel } = await peer(place, 'speakAndListenToNothing', 120_000)
    // It waits while nobody reads: what the peer says stands in the kernel.
    let full = false
    for (let n = 0; n < 100 && !full; n += 1) full = !channel.send(Buffer.alloc(200_000))
    expect(full).toBe(true)
    await said
    child.kill('SIGKILL')
    await isOver(child)
    // The write that waits fails here, and only now somebody reads.
    for (let n = 0; n < 5; n += 1) await new Promise(setImmediate)
    const talk = new Talk(channel)
    await until(() => talk.closed === 1, 'the end of the channel')
    expect(Buffer.compare(talk.bytes, numbered(120_000))).toBe(0)
    expect(talk.drains).toBeGreaterThan(0)
  })

  if (kind !== 'TLS') {
    test('what waits when a process exits is written before it is gone, once', async () => {
      const { child, channel } = await peer(place, 'flush', 3_000_000)
      expect(channel).toBeInstanceOf(SocketChannel)
      const talk = new Talk(channel)
      await until(() => talk.closed === 1, 'the end of the channel', 10_000)
      expect(Buffer.compare(talk.bytes, numbered(3_000_000))).toBe(0)
      await isOver(child)
      expect(child.exitCode).toBe(0)
    })
  }
})
