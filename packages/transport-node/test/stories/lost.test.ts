/** What a process had taken and not handled when it died is counted, once an actor. */
import { createProbe } from '@troupe/core/testing'
import { actors, failureOf, stopSystems, testSystem } from './support.js'

afterAll(stopSystems)

test.each([
  ['killed from outside', 'outside', { type: 'exit', code: null, signal: 'SIGKILL' }],
  ['killed by its ref', 'ref', { type: 'killed' }],
])(
  'tells that were with a process that is %s are one deadLetter with their count; asks reject',
  async (_, by, reason) => {
    const { system, events } = testSystem()
    const probe = await createProbe<string>(system)
    const ref = await system.spawn(actors.ender)
    const asked = failureOf(ref.ask('hang', probe.ref))
    await probe.next()
    for (let told = 0; told < 100; told += 1) expect(ref.tell('ping')).toBe(true)
    const spawned = events.find((event) => event.type === 'spawned' && event.id === ref.id) as
      | { pid: number }
      | undefined
    if (by === 'outside') process.kill(spawned?.pid as number, 'SIGKILL')
    else void ref.kill()
    expect(await asked).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason })
    const letters = events.filter(({ type }) => type === 'deadLetter')
    expect(letters).toEqual([expect.objectContaining({ to: ref.id, count: 100, policy: 'down' })])
  },
)
