/** What is known of a supervised child by its ref, its name and its groups, over its lives. */
import type { ActorRef } from '@troupe/core'
import { createProbe } from '@troupe/core/testing'
import { type Crew, crewAt, endCrews, homes } from './crew.js'
import { actors, failureOf, SETTLES, within } from './support.js'

afterEach(endCrews)

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n)
const recorded = ({ lines }: Crew): string[] => lines.filter((line) => /^a \d/.test(line))

describe.each(homes)('a child that lives here: %s', (home) => {
  test.each(['fail', ...(home === 'process' ? ['SIGKILL'] : [])])(
    'is told in order what waited when it ended (%s); the message that failed is not replayed',
    async (how) => {
      const crew = await crewAt(home)
      const { app } = await crew.supervise({ children: [crew.worker('a', { handover: 1 })] })
      const ref = app.ref('a')
      const pid = await ref.ask('pid')
      const gate = await crew.gate()
      const inHand = failureOf(ref.ask('failAfter', gate.ref))
      for (const n of numbers(20)) expect(ref.tell('record', String(n))).toBe(true)
      const last = ref.ask('record', '20')
      await crew.noted('a at work')
      if (how === 'fail') gate.open()
      else process.kill(pid, 'SIGKILL')
      // At once, whatever a new life takes to start.
      expect(await within(5 * SETTLES, inHand)).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
      await last
      // One may have been handed over, since a sender sees the bound when it is reached: no more than that is lost.
      const order = numbers(21).map((n) => `a ${n}`)
      expect(recorded(crew)).toEqual(recorded(crew).length === 21 ? order : order.slice(1))
      expect(crew.lines.filter((line) => line === 'a at work')).toHaveLength(1)
      if (home === 'here') expect(recorded(crew)).toHaveLength(21)
    },
  )

  test('has its name free, and is in no group, before anybody hears of its end; its next life takes both', async () => {
    const crew = await crewAt(home)
    const { app, told } = await crew.supervise({ children: [crew.worker('a', { name: 'ann', group: 'crew' })] })
    const ref = app.ref('a')
    const found = await crew.system.whereis('ann')
    expect(found?.equals(ref)).toBe(true)
    expect(await crew.system.groups.members('crew')).toHaveLength(1)
    const atEnd: Promise<unknown>[] = []
    app.events$.subscribe(({ type }) => {
      if (type === 'down') atEnd.push(crew.system.whereis('ann'), crew.system.groups.members('crew'))
    })
    await told.next('restarted', 'a', () => ref.tell('fail', undefined))
    expect(await Promise.all(atEnd)).toEqual([undefined, []])
    const again = await crew.system.whereis('ann')
    expect(again?.equals(ref)).toBe(true)
    // The name, and the ref that was found by it before, lead to the new life.
    expect(await again?.ask('pid')).toBe(await found?.ask('pid'))
    expect(await crew.system.groups.members('crew')).toHaveLength(1)
  })

  test('is reached by its ref from another process over all its lives', async () => {
    const crew = await crewAt(home)
    const { app, told } = await crew.supervise({ children: [crew.worker('a')] })
    const ref = app.ref('a')
    const probe = await createProbe<any>(crew.system)
    const friend: ActorRef<any> = await crew.system.spawn(actors.friend, { other: ref, to: probe.ref })
    const pid = (await friend.ask('ask', { name: 'pid' })) as number
    const gate = await crew.gate()
    await friend.ask('askLater', { name: 'failAfter', arg: gate.ref })
    await crew.noted('a at work')
    await told.next('restarted', 'a', gate.open)
    const settled = [await probe.next(), await probe.next()]
    expect(settled).toContainEqual({ down: ref.id, reason: expect.objectContaining({ type: 'error' }) })
    expect(settled).toContainEqual({ code: 'ERR_ACTOR_DOWN', reason: expect.objectContaining({ type: 'error' }) })
    const next = (await friend.ask('ask', { name: 'pid' })) as number
    expect(next === pid).toBe(home !== 'process')
    for (const n of numbers(5)) expect(await friend.ask('tell', { name: 'record', arg: String(n) })).toBe(true)
    await friend.ask('ask', { name: 'record', arg: '5' })
    expect(recorded(crew)).toEqual(numbers(6).map((n) => `a ${n}`))
  })
})

test('what had been handed to a process that is killed is told: asks reject at once, tells are counted', async () => {
  const crew = await crewAt('process')
  const { app } = await crew.supervise({ children: [crew.worker('a')] })
  const ref = app.ref('a')
  const pid = await ref.ask('pid')
  const gate = await crew.gate()
  ref.tell('failAfter', gate.ref)
  await crew.noted('a at work')
  for (const n of numbers(10)) ref.tell('record', String(n))
  const asked = failureOf(ref.ask('record', '10'))
  process.kill(pid, 'SIGKILL')
  expect(await within(5 * SETTLES, asked)).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { signal: 'SIGKILL' } })
  expect(await ref.ask('pid')).not.toBe(pid)
  expect(recorded(crew)).toEqual([])
  const letters = crew.events.filter(({ type }) => type === 'deadLetter')
  expect(letters).toEqual([expect.objectContaining({ count: expect.any(Number) })])
  expect((letters[0] as { count: number }).count).toBeGreaterThanOrEqual(10)
})
