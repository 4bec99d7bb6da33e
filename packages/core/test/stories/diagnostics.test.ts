/** What is told on the channels of node:diagnostics_channel: names and shapes are public. */
import { createSystem, defineActor } from '@troupe/core'
import { published } from '../support/diagnostics.js'

const quiet = defineActor({ init: () => undefined, on: { idle() {} } })
const names = ['troupe:actor:spawn', 'troupe:actor:down', 'troupe:actor:deadletter']

async function shop(): Promise<void> {
  const system = createSystem({ name: 'shop' })
  const ref = await system.spawn(quiet, undefined, { name: 'till' })
  await ref.stop()
  ref.tell('idle')
  await system.stop()
}

test('the life of an actor is told: its spawn, its end, and a message that nobody handles', async () => {
  const id = expect.stringMatching(/^1\.\d+$/)
  const about = { system: 'shop', id, at: expect.any(Number) }
  expect(await published(names, shop)).toEqual([
    { name: 'troupe:actor:spawn', message: { ...about, name: 'till', host: 1 } },
    { name: 'troupe:actor:down', message: { ...about, name: 'till', reason: { type: 'shutdown' } } },
    { name: 'troupe:actor:deadletter', message: { ...about, to: id, message: { name: 'idle' }, policy: 'down' } },
  ])
})

test('only the channels that have subscribers are told of', async () => {
  const seen = await published(['troupe:actor:down'], shop)
  expect(seen.map(({ name }) => name)).toEqual(['troupe:actor:down'])
})

test('whoever comes later is told from then on, also by a system that was there before', async () => {
  const system = createSystem({ name: 'early' })
  await system.spawn(quiet)
  const seen = await published(names, () => system.spawn(quiet, undefined, { name: 'second' }))
  expect(seen).toMatchObject([{ name: 'troupe:actor:spawn', message: { system: 'early', name: 'second' } }])
  await system.stop()
})
