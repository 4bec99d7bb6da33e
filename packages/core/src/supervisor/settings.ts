/** What a supervisor's spec says, with its defaults; refused by the name of the field before anything starts. */
import { type Described, isDescribed } from '../definition/child-spec.js'
import type { BackoffOptions, Strategy, SupervisorOptions } from '../definition/supervise.js'
import { expectFunction, expectNumber, expectOneOf, expectOptions, expectTimeout, wrongType } from '../errors/expect.js'
import { LONGEST } from '../ports/clock.js'
import { type Backoff, NO_BACKOFF } from './backoff.js'
import type { Budget } from './budget.js'

/** What holds for every supervisor. */
export interface RestartSettings extends Budget {
  readonly intensityScope: 'supervisor' | 'child'
  readonly intensityCounts: 'restarts' | 'starts'
  readonly backoff: Backoff
}

export interface SupervisorSettings extends RestartSettings {
  readonly strategy: Strategy
  readonly autoShutdown: 'never' | 'any_significant' | 'all_significant'
  readonly children: readonly Described[]
}

export interface DynamicSettings extends RestartSettings {
  readonly child: (input: unknown) => unknown
  readonly maxChildren: number
}

/** @throws TypeError, RangeError. Specs of supervisors among the children are read too. */
export function supervisorSettings(spec: unknown, path = ''): SupervisorSettings {
  if (typeof spec !== 'object' || spec === null) throw wrongType(path === '' ? 'spec' : path, 'an object', spec)
  expectOptions(`the spec of ${path === '' ? 'a supervisor' : path}`, spec, [...RESTART, ...STATIC])
  const at = path === '' ? '' : `${path}.`
  const {
    strategy = 'one_for_one',
    autoShutdown = 'never',
    children,
  } = spec as {
    strategy?: Strategy
    autoShutdown?: SupervisorSettings['autoShutdown']
    children?: unknown
  }
  expectOneOf(`${at}strategy`, strategy, ['one_for_one', 'one_for_all', 'rest_for_one'])
  expectOneOf(`${at}autoShutdown`, autoShutdown, ['never', 'any_significant', 'all_significant'])
  const restarts = restartSettings(spec, at)
  checkChildren(children, `${at}children`, autoShutdown)
  return { ...restarts, strategy, autoShutdown, children }
}

/** @throws TypeError, RangeError. */
export function dynamicSettings(spec: unknown): DynamicSettings {
  if (typeof spec !== 'object' || spec === null) throw wrongType('spec', 'an object', spec)
  expectOptions('the spec of a dynamic supervisor', spec, [...RESTART, 'child', 'maxChildren'])
  const { child, maxChildren = Infinity } = spec as { child?: DynamicSettings['child']; maxChildren?: number }
  expectFunction('child', child)
  expectNumber('maxChildren', maxChildren, { min: 1, integer: true })
  return { ...restartSettings(spec, ''), child: child as DynamicSettings['child'], maxChildren }
}

/**
 * Whether these are children that a supervisor takes (OTP's check_childspecs).
 *
 * @throws TypeError, RangeError for what is no child, ids that are there twice, and what is wrong in the specs of
 *   supervisors among them.
 */
export function checkChildSpecs(children: unknown): void {
  checkChildren(children, 'children', 'any_significant')
}

/** @throws TypeError for what is no child, or one that this supervisor cannot have. */
export function checkChild(
  child: unknown,
  path: string,
  autoShutdown: SupervisorSettings['autoShutdown'],
): asserts child is Described {
  if (!isDescribed(child)) throw wrongType(path, 'what child() made', child)
  if (child.significant && autoShutdown === 'never')
    throw new TypeError(
      `Expected \`${path}.significant\` to be false, got true: the supervisor's \`autoShutdown\` is 'never', so it would mean nothing`,
    )
  if (child.body.kind === 'supervisor') supervisorSettings(child.body.spec, `${path}.spec`)
}

function checkChildren(
  children: unknown,
  path: string,
  autoShutdown: SupervisorSettings['autoShutdown'],
): asserts children is readonly Described[] {
  if (!Array.isArray(children)) throw wrongType(path, 'an array of children', children)
  const ids = new Set<string>()
  children.forEach((child: unknown, index) => {
    const at = `${path}[${index}]`
    checkChild(child, at, autoShutdown)
    if (ids.has(child.id)) throw new TypeError(`Expected \`${at}.id\` to be unique, got '${child.id}' again`)
    ids.add(child.id)
  })
}

function restartSettings(spec: SupervisorOptions, at: string): RestartSettings {
  const { intensity = 1, period = 5_000, intensityScope = 'supervisor', intensityCounts = 'restarts' } = spec
  expectNumber(`${at}intensity`, intensity, { min: 0, integer: true })
  expectNumber(`${at}period`, period, { min: Number.MIN_VALUE })
  if (period === Infinity) throw new RangeError(`Expected \`${at}period\` to be finite, got Infinity (number)`)
  expectOneOf(`${at}intensityScope`, intensityScope, ['supervisor', 'child'])
  expectOneOf(`${at}intensityCounts`, intensityCounts, ['restarts', 'starts'])
  return { intensity, period, intensityScope, intensityCounts, backoff: backoffSettings(spec.backoff, `${at}backoff`) }
}

/** @throws TypeError, RangeError. */
export function backoffSettings(given: BackoffOptions | undefined, path: string): Backoff {
  if (given === undefined) return NO_BACKOFF
  expectOptions(path, given, ['min', 'max', 'factor', 'jitter', 'resetAfter'])
  const { min = 100, max = 10_000, factor = 2, jitter = 0.2, resetAfter = 30_000 } = given
  expectNumber(`${path}.min`, min, { min: 0, max: LONGEST })
  expectNumber(`${path}.max`, max, { min, max: LONGEST })
  expectNumber(`${path}.factor`, factor, { min: 1 })
  expectNumber(`${path}.jitter`, jitter, { min: 0, max: 1 })
  expectTimeout(`${path}.resetAfter`, resetAfter)
  return { min, max, factor, jitter, resetAfter }
}

const RESTART = ['intensity', 'period', 'intensityScope', 'intensityCounts', 'backoff']
const STATIC = ['strategy', 'autoShutdown', 'children']
