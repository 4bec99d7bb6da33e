import type { ActorRef } from '@troupe/core'
import {
  type ChildPlan,
  NO_BACKOFF,
  supervisor,
  type SupervisorInput,
  type SupervisorProtocol,
  type Target,
} from '@troupe/core/internal'
import { defineActor } from '@troupe/core'
import { failing, scene } from '../support/supervision.js'

/** A supervisor that is given plans and not specs, as the pool does. */
async function direct(given: Partial<SupervisorInput>) {
  const { clock, system, quiet } = scene()
  const log: string[] = []
  const outcomes: (() => unknown)[] = []
  const worker = defineActor({ init: () => outcomes.shift()?.(), on: { fail: failing } })
  let life: Target | undefined
  const plan: ChildPlan = {
    ...{
      key: 'a',
      id: 'a',
      type: 'worker',
      restart: 'permanent',
      shutdown: 5_000,
      significant: false,
      persistent: true,
    },
    incarnations: {
      handle: {},
      start: async (parent, number) => {
        log.push(`start ${number}`)
        life = await system.spawner.start(worker, undefined, {}, parent as never, false)
        return life
      },
      close: ({ type }) => void log.push(`close ${type}`),
      end: ({ type }) => void log.push(`end ${type}`),
    },
  }
  const input: SupervisorInput = {
    ...{ clock, strategy: 'dynamic', autoShutdown: 'never', maxChildren: Infinity, children: [] },
    ...{ intensity: 3, period: 5_000, intensityScope: 'supervisor', intensityCounts: 'starts', backoff: NO_BACKOFF },
    observer: {
      started: (_, __, restarts) => void log.push(`started ${restarts}`),
      ended: (_, __, { type }) => void log.push(`ended ${type}`),
      failed: () => void log.push('failed'),
      gaveUp: ({ code }) => void log.push(code),
    },
    refOf: (target) => system.refOf(target),
    hostBehind: () => undefined,
    ...given,
  }
  const app = (await system.spawn(supervisor as never, input as never)) as ActorRef<SupervisorProtocol>
  return { clock, app, plan, log, outcomes, quiet, crash: () => life?.tell('fail', undefined, undefined) }
}

describe('a persistent child', () => {
  test('whose first start fails is tried again like a restart', async () => {
    const { clock, app, plan, log, outcomes } = await direct({
      backoff: { min: 100, max: 10_000, factor: 2, jitter: 0, resetAfter: Infinity },
    })
    outcomes.push(failing, failing)
    expect(await app.ask('startChild', plan)).toBe(false)
    await clock.advance(100)
    expect(log).toEqual(['start 0', 'failed', 'start 1', 'failed', 'start 2', 'started 2'])
    await app.stop()
  })

  test('that never gets ready spends the budget of starts', async () => {
    const { app, plan, log, outcomes, quiet } = await direct({ intensity: 1 })
    outcomes.push(failing, failing, failing)
    await app.ask('startChild', plan)
    await quiet()
    expect(await app.exited).toMatchObject({ type: 'shutdown', error: { code: 'ERR_RESTART_LIMIT' } })
    expect(log).toEqual(['start 0', 'failed', 'start 1', 'failed', 'ERR_RESTART_LIMIT'])
  })

  test('may crash as often as it likes once it was ready, where starts are counted', async () => {
    const { app, plan, log, crash, quiet } = await direct({ intensity: 1 })
    await app.ask('startChild', plan)
    for (let life = 0; life < 5; life += 1) {
      crash()
      await quiet()
    }
    expect(log.filter((line) => line.startsWith('started')).length).toBe(6)
    await app.stop()
    expect(log.at(-1)).toBe('ended shutdown')
  })

  test('that is terminated is told that there is no other life', async () => {
    const { app, plan, log } = await direct({})
    await app.ask('startChild', plan)
    await app.ask('terminateChild', 'a')
    expect(log).toEqual(['start 0', 'started 0', 'ended shutdown', 'end shutdown'])
    await app.stop()
  })
})
