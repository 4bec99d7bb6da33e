/** The children of a supervisor, described: nothing is started here. */
import { expectNumber, expectOptions, wrongType } from '../errors/expect.js'
import {
  type ActorChild,
  type ChildOptions,
  childOf,
  type Children,
  type ChildSpec,
  type SupervisorChild,
  type SupervisorChildOptions,
} from './child-spec.js'
import type { AnyActor, InputArgs, InputOf, ReachOf, RefOf } from './spawn.js'
import type { Supervisor, SupervisorSpec } from './supervise.js'

/** The type of `child`. */
export interface Child {
  /**
   * Describes an actor as a child of a supervisor.
   *
   * @throws TypeError, RangeError for wrong options.
   */
  <const Id extends string, A extends AnyActor>(
    id: Id,
    actor: A,
    ...rest: InputArgs<InputOf<A>, ChildOptions<ReachOf<A>>>
  ): ChildSpec<Id, RefOf<A>, 'worker'>
  /**
   * Describes a supervisor as a child of another. One that gives up ends with `shutdown`: permanent, it is started anew.
   *
   * @throws TypeError, RangeError for wrong options; what is wrong in `spec` is found when it is supervised.
   */
  supervisor<const Id extends string, const C extends Children>(
    id: Id,
    spec: SupervisorSpec<C>,
    options?: SupervisorChildOptions,
  ): ChildSpec<Id, Supervisor<C>, 'supervisor'>
}

/** `child('db', db, input, { restart: 'permanent' })`; `child.supervisor('web', { children: [] })`. */
export const child: Child = Object.assign(
  (id: string, actor: unknown, input?: unknown, options: ChildOptions = {}) => {
    expectOptions(`options of the child '${id}'`, options, OPTIONS)
    const { restart, significant, shutdown, maxRunTime, handover, ...spawn } = options
    if (handover !== undefined) expectNumber('handover', handover, { min: 1, integer: true })
    if (maxRunTime !== undefined && maxRunTime !== Infinity)
      expectNumber('maxRunTime', maxRunTime, { min: 1, max: 2_147_483_647 })
    const what: ActorChild = { kind: 'actor', actor, input, options: { ...spawn, maxRunTime, handover } }
    return childOf(id, 'worker', { restart, significant, shutdown }, what)
  },
  {
    supervisor: (id: string, spec: unknown, options: SupervisorChildOptions = {}) => {
      expectOptions(`options of the child '${id}'`, options, ['restart', 'shutdown', 'significant'])
      if (typeof spec !== 'object' || spec === null) throw wrongType('spec', "a supervisor's spec", spec)
      const what: SupervisorChild = { kind: 'supervisor', spec }
      return childOf(id, 'supervisor', options, what)
    },
  },
) as Child

const OPTIONS = [
  ...['name', 'on', 'timeout', 'signal'],
  ...['restart', 'significant', 'shutdown', 'maxRunTime', 'handover'],
]
