import { checkChildSpecs, child, defineActor } from '@troupe/core'
import { ActorSystem, dynamicSettings, NO_BACKOFF, supervisorSettings } from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'

let started: string[] = []
const worker = defineActor({ init: (id: string) => void started.push(id), on: {} })
const a = child('a', worker, 'a')
const temporary = (significant: boolean) => child('t', worker, 't', { restart: 'temporary', significant })

const defaults = {
  strategy: 'one_for_one',
  autoShutdown: 'never',
  intensity: 1,
  period: 5_000,
  intensityScope: 'supervisor',
  intensityCounts: 'restarts',
  backoff: NO_BACKOFF,
}

/** Each is refused by the name of the field. */
const bad: [string, unknown, string][] = [
  ['what is no spec', 3, '`spec`'],
  ['no children', {}, '`children`'],
  ['what is no array', { children: a }, '`children`'],
  ['what is no child', { children: [a, { id: 'b' }] }, '`children[1]`'],
  ['two of one id', { children: [a, child('b', worker, 'b'), child('a', worker, 'a')] }, '`children[2].id`'],
  ['an unknown strategy', { strategy: 'one_for_two', children: [] }, '`strategy`'],
  ['an unknown autoShutdown', { autoShutdown: true, children: [] }, '`autoShutdown`'],
  ['a misspelt field', { intensitty: 3, children: [] }, '`intensitty`'],
  ['a negative intensity', { intensity: -1, children: [] }, '`intensity`'],
  ['half an intensity', { intensity: 1.5, children: [] }, '`intensity`'],
  ['a period of 0', { period: 0, children: [] }, '`period`'],
  ['a negative period', { period: -1, children: [] }, '`period`'],
  ['a period without end', { period: Infinity, children: [] }, '`period`'],
  ['a period in words', { period: '5s', children: [] }, '`period`'],
  ['an unknown scope', { intensityScope: 'tree', children: [] }, '`intensityScope`'],
  ['an unknown count', { intensityCounts: 'all', children: [] }, '`intensityCounts`'],
  ['a negative min', { backoff: { min: -1 }, children: [] }, '`backoff.min`'],
  ['a max below min', { backoff: { min: 100, max: 50 }, children: [] }, '`backoff.max`'],
  ['a factor below 1', { backoff: { factor: 0.5 }, children: [] }, '`backoff.factor`'],
  ['a jitter above 1', { backoff: { jitter: 1.1 }, children: [] }, '`backoff.jitter`'],
  ['a negative resetAfter', { backoff: { resetAfter: -1 }, children: [] }, '`backoff.resetAfter`'],
  ['a misspelt field of the back-off', { backoff: { minn: 1 }, children: [] }, '`minn`'],
  ['significant where nothing comes of it', { children: [temporary(true)] }, '`children[0].significant`'],
]

describe('the spec of a supervisor', () => {
  beforeEach(() => {
    started = []
  })

  test("has OTP's defaults", () => {
    expect(supervisorSettings({ children: [a] })).toEqual({ ...defaults, children: [a] })
  })

  test('has a back-off with jitter when one is asked for', () => {
    const { backoff } = supervisorSettings({ backoff: {}, children: [] })
    expect(backoff).toEqual({ min: 100, max: 10_000, factor: 2, jitter: 0.2, resetAfter: 30_000 })
  })

  test.each(bad)('with %s is refused by the name of the field, before anything starts', async (_, spec, field) => {
    const system = new ActorSystem({ name: 'test', clock: new ManualClock(), askTimeout: undefined, host: 1 })
    const refused = system.supervise(spec as never)
    await expect(refused).rejects.toThrow(field)
    await expect(refused).rejects.toMatchObject({ name: expect.stringMatching(/^(Type|Range)Error$/) })
    expect([started, system.tree()]).toEqual([[], 'test'])
  })

  test('of a supervisor within is refused by the whole path, before anything starts', async () => {
    const system = new ActorSystem({ name: 'test', clock: new ManualClock(), askTimeout: undefined, host: 1 })
    const inner = { intensity: -1, children: [] }
    const outer = { children: [a, child.supervisor('web', { children: [child.supervisor('deep', inner)] })] }
    await expect(system.supervise(outer)).rejects.toThrow('`children[1].spec.children[0].spec.intensity`')
    const lonely = { children: [child.supervisor('web', { children: [temporary(true)] })] }
    await expect(system.supervise(lonely)).rejects.toThrow('`children[0].spec.children[0].significant`')
    expect(started).toEqual([])
  })

  test('takes significant children where they mean something', () => {
    expect(() => supervisorSettings({ autoShutdown: 'any_significant', children: [temporary(true)] })).not.toThrow()
    expect(() => supervisorSettings({ children: [temporary(false)] })).not.toThrow()
  })
})

describe('a child', () => {
  test.each([
    ['no id', () => child('', worker, 'x'), '`id`'],
    ['an unknown restart', () => child('a', worker, 'x', { restart: 'always' as never }), '`restart`'],
    ['a negative shutdown', () => child('a', worker, 'x', { shutdown: -1 }), '`shutdown`'],
    ['a shutdown in words', () => child('a', worker, 'x', { shutdown: 'soon' as never }), '`shutdown`'],
    ['a handover of 0', () => child('a', worker, 'x', { handover: 0 }), '`handover`'],
    ['a maxRunTime of 0', () => child('a', worker, 'x', { maxRunTime: 0 }), '`maxRunTime`'],
    ['a misspelt option', () => child('a', worker, 'x', { restrt: 'temporary' } as never), '`restrt`'],
    ['significant, though permanent', () => child('a', worker, 'x', { significant: true } as never), '`significant`'],
    [
      'significant, though permanent (a supervisor)',
      () => child.supervisor('a', { children: [] }, { significant: true } as never),
      '`significant`',
    ],
    ['no spec', () => child.supervisor('a', undefined as never), '`spec`'],
  ])('with %s is refused where it is described', (_, describe, field) => {
    expect(describe).toThrow(field)
  })

  test('of a supervisor has all the time to stop, a worker five seconds', () => {
    expect(a).toMatchObject({ type: 'worker', restart: 'permanent', shutdown: 5_000, significant: false })
    expect(child.supervisor('s', { children: [] })).toMatchObject({ type: 'supervisor', shutdown: Infinity })
  })
})

describe('checkChildSpecs', () => {
  test('passes what a supervisor takes', () => {
    expect(() => checkChildSpecs([a, temporary(true), child.supervisor('s', { children: [a] })])).not.toThrow()
  })

  test.each([
    ['what is no array', a, '`children`'],
    ['what is no child', [a, 3], '`children[1]`'],
    ['two of one id', [a, a], '`children[1].id`'],
    ['a spec within', [child.supervisor('s', { period: -1, children: [] })], '`children[0].spec.period`'],
  ])('finds %s', (_, children, field) => {
    expect(() => checkChildSpecs(children)).toThrow(field)
  })
})

describe('the spec of a dynamic supervisor', () => {
  test('has no limit unless it says one', () => {
    const describe = () => a
    const { strategy: _, autoShutdown: __, ...restarts } = defaults
    expect(dynamicSettings({ child: describe })).toEqual({ ...restarts, child: describe, maxChildren: Infinity })
  })

  test.each([
    ['what is no spec', undefined, '`spec`'],
    ['no child', {}, '`child`'],
    ['a child that is no function', { child: a }, '`child`'],
    ['room for none', { child: () => a, maxChildren: 0 }, '`maxChildren`'],
    ['a strategy', { child: () => a, strategy: 'one_for_all' }, '`strategy`'],
    ['a negative intensity', { child: () => a, intensity: -1 }, '`intensity`'],
  ])('with %s is refused by the name of the field', (_, spec, field) => {
    expect(() => dynamicSettings(spec)).toThrow(field)
  })
})
