/** The three listings print what their Python originals do, counted; and end by themselves, with no process left. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { runExample } from './run.js'

describe('the listings of Python', () => {
  /** All at once: they wait most of the time. */
  const printed = new Map<string, Promise<string[]>>()
  beforeAll(() => {
    for (const name of ['python-queue', 'python-pipe', 'python-pool']) printed.set(name, begun(runExample(name)))
  })
  test('queue: 100 items arrive once each, in the order of their senders, and both receivers end', async () => {
    const lines = (await printed.get('python-queue')) as string[]
    const received = lines.flatMap((line) => /^recv[12] recv (send\d+)-(\d+)$/.exec(line)?.slice(1) ?? [])
    expect(received).toHaveLength(200)
    const order = new Map<string, number[]>()
    for (let at = 0; at < received.length; at += 2) {
      const [sender, number] = received.slice(at, at + 2) as [string, string]
      order.set(sender, [...(order.get(sender) ?? []), Number(number)])
    }
    expect(order.size).toBe(10)
    // Two receivers print at the same time: what one of them has is in order.
    for (const numbers of order.values()) expect([...numbers].sort((a, b) => a - b)).toEqual(oneToTen)
    for (const receiver of ['recv1', 'recv2'])
      for (const sender of order.keys()) {
        const own = lines.flatMap((line) => new RegExp(`^${receiver} recv ${sender}-(\\d+)$`).exec(line)?.[1] ?? [])
        expect(own.map(Number)).toEqual(own.map(Number).sort((a, b) => a - b))
      }
    expect(countOf(lines, /put complete$/)).toBe(10)
    expect(countOf(lines, /get complete$/)).toBe(2)
    expect(countOf(lines, /^To close$/)).toBe(1)
    expect(lines.at(-1)).toBe('queue closed')
  })

  test('pipe: ten numbers, then the end of file', async () => {
    const lines = (await printed.get('python-pipe')) as string[]
    expect(lines.filter((line) => line.startsWith('Recv'))).toEqual(oneToTen.map((number) => `Recv: ${number - 1}`))
    expect(countOf(lines, /^send complete$/)).toBe(1)
    expect(countOf(lines, /^RECV end$/)).toBe(1)
    expect(lines).toHaveLength(12)
  })

  test('pool: five workers, each kind of call', async () => {
    const lines = (await printed.get('python-pool')) as string[]
    expect(countOf(lines, /^pool init$/)).toBe(5)
    expect(countOf(lines, /^worker in /)).toBe(5)
    expect(countOf(lines, /^worker one /)).toBe(20)
    expect(countOf(lines, /^worker two /)).toBe(10)
    expect(lines).toContain('Starmap: [0,2,4,6,8,10,12,14,16,18]')
    const unordered = lines.flatMap((line) => /^Unordered: \((\d), \1\)$/.exec(line)?.[1] ?? [])
    expect(unordered.map(Number).sort((a, b) => a - b)).toEqual(oneToTen.map((number) => number - 1))
    expect(lines).toHaveLength(51)
  })
})

const oneToTen = Array.from({ length: 10 }, (_, index) => index + 1)
const countOf = (lines: readonly string[], pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length
/** A failure is told by the test that awaits it, later. */
function begun<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
