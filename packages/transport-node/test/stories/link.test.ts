/** Links hold over processes and threads, whatever ends them. */
import type { ActorRef } from '@troupe/core'
import { createProbe } from '@troupe/core/testing'
import { childProcess, remote, workerThread } from '@troupe/transport-node'
import { launcher, owns } from './places.js'
import { stopSystems, testSystem, within } from './support.js'

const { linked } = remote<typeof import('../fixtures/linked.js')>(new URL('../fixtures/linked.js', import.meta.url))

afterEach(stopSystems)

test.each(owns)(
  'a process that SIGKILL ends takes the actors linked to it along, or is news to them (%s)',
  async (own) => {
    const { system } = testSystem()
    const probe = await createProbe<any>(system)
    const shared = await system.launch(launcher(own))
    const victim: ActorRef<any> = await system.spawn(linked, {}, { on: childProcess() })
    const partner: ActorRef<any> = await system.spawn(linked, {}, { on: shared })
    const trapping: ActorRef<any> = await system.spawn(linked, { to: probe.ref, trap: true }, { on: shared })
    // One link from each side.
    await partner.ask('link', victim)
    await victim.ask('link', trapping)
    process.kill(await victim.ask('pid'), 'SIGKILL')
    const reason = { type: 'exit', code: null, signal: 'SIGKILL' }
    expect(await within(5_000, partner.exited)).toEqual(reason)
    expect(await within(5_000, probe.next())).toEqual({ exit: victim.id, reason })
    expect(await trapping.ask('ping')).toBe('pong')
  },
)

test('an exit signal from a thread has its error, and comes after all that was said; unlinked none comes', async () => {
  const { system } = testSystem()
  const probe = await createProbe<any>(system)
  const shared = await system.launch(childProcess())
  const trapping: ActorRef<any> = await system.spawn(linked, { to: probe.ref, trap: true }, { on: shared })
  const bystander: ActorRef<any> = await system.spawn(linked, {}, { on: shared })
  const talker: ActorRef<any> = await system.spawn(linked, {}, { on: workerThread() })
  for (const ref of [trapping, bystander]) await ref.ask('link', talker)
  await bystander.ask('unlink', talker)
  talker.tell('talk', { to: trapping, count: 500 })
  for (let index = 0; index < 500; index += 1) expect(await within(5_000, probe.next())).toBe(index)
  expect(await within(5_000, probe.next())).toMatchObject({
    exit: talker.id,
    reason: { type: 'error', error: { name: 'RangeError', message: 'said it all' } },
  })
  expect(await bystander.ask('ping')).toBe('pong')
})
