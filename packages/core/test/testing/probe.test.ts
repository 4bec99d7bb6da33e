import { createSystem } from '@troupe/core'
import { createProbe } from '@troupe/core/testing'

describe('the probe', () => {
  test('gives what arrives, in order, to those who await it, before and after', async () => {
    const system = createSystem()
    const probe = await createProbe<number>(system)
    const [first, second] = [probe.next(), probe.next()]
    for (const n of [1, 2, 3, 4]) probe.ref.tell('note', n)
    expect(await Promise.all([first, second, probe.next(), probe.next()])).toEqual([1, 2, 3, 4])
    expect(probe.received).toEqual([1, 2, 3, 4])
    await system.stop()
  })

  test('rejects when nothing comes in time, and what comes then is for the next', async () => {
    const system = createSystem()
    const probe = await createProbe<number>(system)
    await expect(probe.next(1)).rejects.toThrow('Nothing reached the probe within 1 ms')
    probe.ref.tell('note', 1)
    expect(await probe.next()).toBe(1)
    await system.stop()
  })
})
