/** How the memory of a process is told, and what follows from it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ManualClock } from '@troupe/core/testing'
import { childProcess } from '@troupe/transport-node'
import { measureLater, memoryReader, readByPs } from '@troupe/transport-node/internal'

test.each([
  ['as this system tells it', memoryReader()!],
  ['by ps', readByPs],
])('is measured in MiB (%s), and unknown of a process that is gone', async (_, read) => {
  const child = spawn('sleep', ['60'])
  const pid = child.pid as number
  const small = (await read(pid)) as number
  expect(small).toBeGreaterThan(0)
  expect(small).toBeLessThan(20)
  const own = (await read(process.pid)) as number
  const used = process.memoryUsage.rss() / 1_048_576
  expect(Math.abs(own - used) / used).toBeLessThan(0.3)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await read(pid)).toBeUndefined()
})

test.each([
  [100, false],
  [100.1, true],
  [undefined, false],
])('%s MiB with a limit of 100: too much is %s', async (rss, tooMuch) => {
  const clock = new ManualClock()
  const told = new Promise<unknown>((resolve) => {
    measureLater({ clock, label: 'db', limit: 100, read: async () => rss }, 7, resolve)
  })
  await clock.advance(250)
  const error = await told
  expect(error === undefined).toBe(!tooMuch)
  if (tooMuch) {
    expect(error).toMatchObject({ code: 'ERR_OUT_OF_MEMORY', message: expect.stringContaining('holds 101 MiB') })
    expect(error).toMatchObject({ message: expect.stringContaining('more than its maxRssMb of 100') })
  }
})

describe('where a system does not tell it', () => {
  const { platform } = process
  afterEach(() => Object.defineProperty(process, 'platform', { value: platform }))

  test('a limit is refused at the call', () => {
    Object.defineProperty(process, 'platform', { value: 'win32' })
    expect(() => childProcess({ maxRssMb: 100 })).toThrow(TypeError)
    expect(() => childProcess({ maxRssMb: 100 })).toThrow(
      '`maxRssMb` needs Linux with /proc, or macOS: this system (win32)',
    )
    expect(childProcess()).toMatchObject({ reach: 'elsewhere' })
  })

  test('as one whose /proc is not there', () => {
    expect(memoryReader('linux', '/nowhere')).toBeUndefined()
    expect(memoryReader('darwin', '/nowhere')).toBe(readByPs)
  })
})
