/** Bytes over a MessagePort: in order, bounded, and to the last one, whoever ends first. */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { PortChannel } from '@troupe/transport-node/internal'
import { until } from '../stories/support.js'

const HIGH_WATER = 256 * 1024

interface End {
  channel: PortChannel
  port: MessagePort
  chunks: Uint8Array[]
  received(): Buffer
  drains: number
  /** What was told of the end, in order. */
  told: string[]
}

const ends: End[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end.channel.destroy()
})

function endOf(port: MessagePort): End {
  const end: End = {
    channel: new PortChannel(port, {
      keepsAlive: false,
      onEnd: () => end.told.push('ended'),
      onClosed: () => end.told.push('told'),
    }),
    port,
    chunks: [],
    received: () => Buffer.concat(end.chunks),
    drains: 0,
    told: [],
  }
  ends.push(end)
  return end
}

function open(end: End): void {
  end.channel.open({
    onData: (chunk) => end.chunks.push(chunk),
    onDrain: () => {
      end.drains += 1
    },
    onClose: () => end.told.push('closed'),
  })
}

function pair(): [End, End] {
  const { port1, port2 } = new MessageChannel()
  return [endOf(port1), endOf(port2)]
}

/** Numbers, so that a hole, a repeat and a change of order all show. */
const numbered = (bytes: number): Buffer =>
  Buffer.from(Uint32Array.from({ length: bytes / 4 }, (_, index) => index).buffer)

test.each([100, 5_000, 70_000, 1_000_000])(
  'pieces of %i bytes arrive in order, also at a slow reader',
  async (piece) => {
    const [a, b] = pair()
    open(a)
    open(b)
    const bytes = numbered(2_000_000)
    let full = 0
    for (let at = 0; at < bytes.length; at += piece) {
      const scratch = Buffer.from(bytes.subarray(at, at + piece))
      const before = a.drains
      const more = a.channel.send(scratch)
      // The caller may overwrite it as soon as send returns.
      scratch.fill(0xee)
      if (more) continue
      full += 1
      await until(() => a.drains > before, 'a drain')
    }
    a.channel.close()
    b.channel.close()
    await until(() => a.told.includes('told') && b.told.includes('told'), 'the end of the channel')
    expect(full).toBeGreaterThan(0)
    expect(a.drains).toBe(full)
    expect(Buffer.compare(b.received(), bytes)).toBe(0)
  },
)

test('the caller keeps his memory: what is sent is a copy, and only that moves over', async () => {
  const [a, b] = pair()
  open(b)
  const bytes = Buffer.from('0123456789')
  a.channel.send(bytes.subarray(2, 5))
  expect(bytes.toString()).toBe('0123456789')
  await until(() => b.chunks.length === 1, 'the bytes')
  expect(b.received().toString()).toBe('234')
  expect(b.chunks[0]?.buffer.byteLength).toBe(3)
})

test('a sender is told when the window is full, and again once the receiver has taken half of it', async () => {
  const [a, b] = pair()
  open(a)
  const piece = Buffer.alloc(64 * 1024)
  expect([1, 2, 3, 4].map(() => a.channel.send(piece))).toEqual([true, true, true, false])
  await new Promise((resolve) => setImmediate(resolve))
  // Nobody reads yet.
  expect(a.drains).toBe(0)
  open(b)
  await until(() => a.drains === 1, 'the drain')
  await until(() => b.received().length === HIGH_WATER, 'all of it')
  expect(a.channel.send(piece)).toBe(true)
  expect(a.drains).toBe(1)
})

test('a piece larger than the window goes over, and its sender is drained', async () => {
  const [a, b] = pair()
  open(a)
  open(b)
  expect(a.channel.send(numbered(4 * HIGH_WATER))).toBe(false)
  await until(() => a.drains === 1, 'the drain')
  expect(Buffer.compare(b.received(), numbered(4 * HIGH_WATER))).toBe(0)
})

test('nothing is delivered before open, and then all of it', async () => {
  const [a, b] = pair()
  open(a)
  a.channel.send(Buffer.from('early'))
  a.channel.close()
  await new Promise((resolve) => setImmediate(resolve))
  expect(b.chunks).toEqual([])
  open(b)
  await until(() => b.told.length > 0, 'the end of that way')
  expect(b.received().toString()).toBe('early')
})

test('a way that is closed ends after what was sent; the other goes on, with its bounds, until it ends too', async () => {
  const [a, b] = pair()
  open(a)
  open(b)
  a.channel.send(Buffer.from('last'))
  a.channel.close()
  a.channel.close()
  expect(a.channel.send(Buffer.from('later'))).toBe(true)
  await until(() => b.told.includes('ended'), 'the end of one way')
  expect(b.received().toString()).toBe('last')
  expect(b.channel.send(numbered(HIGH_WATER))).toBe(false)
  await until(() => b.drains === 1, 'the drain, though the other sends no more')
  expect([...a.told, ...b.told]).toEqual(['ended'])
  b.channel.close()
  await until(() => a.told.includes('told') && b.told.includes('told'), 'the end of both')
  expect(Buffer.compare(a.received(), numbered(HIGH_WATER))).toBe(0)
  expect(a.told).toEqual(['ended', 'closed', 'told'])
  expect(b.told).toEqual(['ended', 'closed', 'told'])
})

test('destroy ends both ways at once, at both ends, and nothing comes any more', async () => {
  const [a, b] = pair()
  open(a)
  open(b)
  b.channel.send(Buffer.from('too late'))
  a.channel.destroy()
  await until(() => a.told.includes('told') && b.told.includes('told'), 'the end at both')
  expect(a.received().length).toBe(0)
  for (const { channel, told } of [a, b]) {
    expect(told).toEqual(['closed', 'told'])
    expect(channel.send(Buffer.from('more'))).toBe(true)
    channel.destroy()
  }
  await new Promise((resolve) => setImmediate(resolve))
  expect(a.told).toEqual(['closed', 'told'])
})

test('one that was over before it was opened says so once it is', async () => {
  const [a, b] = pair()
  b.channel.destroy()
  await new Promise((resolve) => a.port.once('close', resolve))
  expect(a.told).toEqual([])
  open(a)
  await until(() => a.told.includes('told'), 'the end')
  expect(a.told).toEqual(['closed', 'told'])
})

test('flushNow posts at once, whatever the window says', async () => {
  const [a, b] = pair()
  const bytes = numbered(3 * HIGH_WATER)
  const third = HIGH_WATER
  expect(a.channel.send(bytes.subarray(0, third))).toBe(false)
  a.channel.flushNow([bytes.subarray(third, 2 * third), bytes.subarray(2 * third)])
  a.channel.close()
  open(b)
  await until(() => b.told.includes('ended'), 'the end of that way')
  expect(Buffer.compare(b.received(), bytes)).toBe(0)
})

test.each(['process.exit(3)', 'for (;;);', 'setImmediate(() => { throw new Error("nobody caught me") })'])(
  'all that a thread had sent arrives before the end that its death is: %s',
  async (end) => {
    const { port1, port2 } = new MessageChannel()
    const says = `const { port } = require('node:worker_threads').workerData
      for (let n = 0; n < 1000; n += 1) {
        const { buffer } = Uint32Array.of(n)
        port.postMessage(buffer, [buffer])
      }
      ${end}`
    const worker = new Worker(says, { eval: true, workerData: { port: port2 }, transferList: [port2] })
    worker.on('error', () => undefined)
    const here = endOf(port1)
    open(here)
    if (end.startsWith('for')) {
      await until(() => here.received().length === 4_000, 'what it says')
      await worker.terminate()
    }
    await until(() => here.told.length === 2, 'the end of the channel')
    expect(here.told).toEqual(['closed', 'told'])
    expect(Buffer.compare(here.received(), numbered(4_000))).toBe(0)
  },
)

test('an open port keeps its thread alive only where it is to', async () => {
  const { port1, port2 } = new MessageChannel()
  const [idle, alive] = [new PortChannel(port1, { keepsAlive: false }), new PortChannel(port2, { keepsAlive: true })]
  const events = { onData: () => undefined, onDrain: () => undefined, onClose: () => undefined }
  idle.open(events)
  alive.open(events)
  // Node 20 has no types for it.
  const hasRef = (port: MessagePort): boolean => (port as unknown as { hasRef(): boolean }).hasRef()
  expect([hasRef(port1), hasRef(port2)]).toEqual([false, true])
  idle.destroy()
})
