import fc from 'fast-check'
import type { ActorRef, Supervisor } from '@troupe/core'
import { failing, scene, type Scene, statuses, type Worker } from '../support/supervision.js'
import { type End, type ModelChild, type ModelSpec, SupervisorModel } from '../support/supervisor-model.js'
import { stateOf } from '../support/settle.js'

type Real = Scene & { readonly app: Supervisor }
type Command = fc.AsyncCommand<SupervisorModel, Real>

const IDS = ['a', 'b', 'c', 'd', 'e'] as const
/** Many more, now and then: TROUPE_MODEL_RUNS=5000. */
const runs = Number(process.env['TROUPE_MODEL_RUNS'] ?? 200)

/** One thing that is done to both; then all that follows has settled, and they are compared. */
class Step implements Command {
  readonly #text: string
  readonly #model: (model: SupervisorModel) => string | undefined | void
  readonly #real: (real: Real) => Promise<unknown> | void

  constructor(
    text: string,
    model: (model: SupervisorModel) => string | undefined | void,
    real: (real: Real) => Promise<unknown> | void,
  ) {
    this.#text = text
    this.#model = model
    this.#real = real
  }

  check(model: Readonly<SupervisorModel>): boolean {
    return model.ended === undefined
  }

  async run(model: SupervisorModel, real: Real): Promise<void> {
    const expected = this.#model(model) ?? undefined
    const got = Promise.resolve(this.#real(real)).then(
      () => undefined,
      ({ code }: { code: string }) => code,
    )
    await real.quiet()
    expect(await got).toBe(expected)
    await agree(model, real)
  }

  toString(): string {
    return this.#text
  }
}

async function agree(model: SupervisorModel, { app, log }: Real): Promise<void> {
  if (!model.sideBySide) expect(log).toEqual(model.log)
  else if (model.ended === undefined) expect([...log].sort()).toEqual([...model.log].sort())
  model.log.splice(0, Infinity, ...log)
  model.sideBySide = false
  expect(statuses(app)).toEqual(model.which())
  expect(await stateOf(app.exited)).toBe(model.ended === undefined ? 'pending' : 'fulfilled')
  if (model.ended === undefined) return
  const reason = await app.exited
  expect(reason.type).toBe('shutdown')
  expect((reason.error as { code?: string } | undefined)?.code).toBe(
    model.ended === 'limit' ? 'ERR_RESTART_LIMIT' : undefined,
  )
}

const ref = (app: Supervisor, id: string): ActorRef<Worker> | undefined =>
  app.which().find((child) => child.id === id)?.ref as ActorRef<Worker> | undefined

const end = (app: Supervisor, id: string, how: End): void => {
  const actor = ref(app, id)
  if (how === 'kill') void actor?.kill()
  else if (how === 'error') actor?.tell('fail')
  else actor?.tell('quit', { type: 'normal' })
}

/** Several at once; while starts fail it matters when a retry is counted: OTP counts it when it is made, we when it is due. */
class Burst extends Step {
  override check(model: Readonly<SupervisorModel>): boolean {
    return super.check(model) && [...model.failing.values()].every((times) => times === 0)
  }
}

const anyId = fc.constantFrom(...IDS)
const anyRestart = fc.constantFrom('permanent' as const, 'transient' as const, 'temporary' as const)

const anyEnd = fc.tuple(anyId, fc.constantFrom<End>('normal', 'error', 'kill')).map(
  ([id, how]) =>
    new Step(
      `${id} ends by ${how}`,
      (m) => m.ends([[id, how]]),
      ({ app }) => end(app, id, how),
    ),
)

const anyBurst = fc.uniqueArray(anyId, { minLength: 2, maxLength: 3 }).map(
  (ids) =>
    new Burst(
      `${ids.join()} crash`,
      (model) => model.ends(ids.map((id) => [id, 'error'])),
      ({ app }) => ids.forEach((id) => end(app, id, 'error')),
    ),
)

const anyFailure = fc.tuple(anyId, fc.integer({ min: 1, max: 3 })).map(
  ([id, times]) =>
    new Step(
      `${id} will not start ${times} times`,
      (model) => void model.failing.set(id, times),
      ({ starts }) =>
        void starts.set(
          id,
          Array.from({ length: times }, () => failing),
        ),
    ),
)

const anyOrder = fc.tuple(anyId, fc.constantFrom('terminate' as const, 'restart' as const, 'delete' as const)).map(
  ([id, what]) =>
    new Step(
      `${what} ${id}`,
      (model) => model[what](id),
      ({ app }) => app[`${what}Child`](id),
    ),
)

const anyStart = fc.tuple(anyId, anyRestart).map(
  ([id, restart]) =>
    new Step(
      `start ${id}, ${restart}`,
      (model) => model.start({ id, restart, significant: false }),
      ({ app, of }) => app.startChild(of(id, { restart })),
    ),
)

const anyTime = fc.integer({ min: 1, max: 1_500 }).map(
  (ms) =>
    new Step(
      `${ms} ms pass`,
      (model) => void (model.now += ms),
      ({ clock }) => clock.advance(ms),
    ),
)

const anySpec: fc.Arbitrary<ModelSpec> = fc
  .record({
    strategy: fc.constantFrom('one_for_one' as const, 'one_for_all' as const, 'rest_for_one' as const),
    intensity: fc.nat(4),
    period: fc.constant(1_000),
    autoShutdown: fc.constantFrom('never' as const, 'any_significant' as const, 'all_significant' as const),
    children: fc.array(fc.record({ restart: anyRestart, significant: fc.boolean() }), { minLength: 1, maxLength: 5 }),
  })
  .map(({ children, ...spec }) => ({
    ...spec,
    children: children.map(
      ({ restart, significant }, index): ModelChild => ({
        id: IDS[index] as string,
        restart,
        significant: significant && restart !== 'permanent' && spec.autoShutdown !== 'never',
      }),
    ),
  }))

test('a supervisor does what a model of OTP does, whatever happens to its children', async () => {
  const ends = fc.oneof({ weight: 3, arbitrary: anyEnd }, anyBurst)
  const steps = fc.commands([ends, ends, anyFailure, anyOrder, anyStart, anyTime], { maxCommands: 25 })
  await fc.assert(
    fc.asyncProperty(anySpec, steps, async (spec, commands) => {
      const made = scene()
      const { children, ...rules } = spec
      const described = children.map(({ id, ...more }) => made.of(id, more as never))
      const app = (await made.system.supervise({ ...rules, children: described })) as Supervisor
      try {
        await fc.asyncModelRun(() => ({ model: new SupervisorModel(spec), real: { ...made, app } }), commands)
      } finally {
        await made.system.stop({ timeout: Infinity })
      }
      expect(made.system.tree()).toBe('test')
      expect(made.clock.pending).toBe(0)
    }),
    { numRuns: runs },
  )
}, 600_000)
