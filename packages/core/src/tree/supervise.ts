/** Supervision as the system offers it. */
import type { Children } from '../definition/child-spec.js'
import type { DynamicSpec, DynamicSupervisor, Supervisor, SupervisorSpec } from '../definition/supervise.js'
import { isErrorLike } from '../message/wire-error.js'
import { type Reason, SHUTDOWN } from '../errors/reason.js'
import { dynamicSettings, supervisorSettings } from '../supervisor/settings.js'
import { DynamicHandle } from './dynamic-handle.js'
import { livesOf, SupervisorLives, type TreeHome } from './supervisor-incarnations.js'
import { SupervisorHandle } from './supervisor-handle.js'

/** Rejects as `system.supervise` does; nothing is left then. */
export async function supervise<const C extends Children>(
  home: TreeHome,
  spec: SupervisorSpec<C>,
): Promise<Supervisor<C>> {
  const settings = supervisorSettings(spec)
  const lives = livesOf(home, 'supervisor', settings)
  await begin(lives)
  return new SupervisorHandle(lives, settings.autoShutdown) as unknown as Supervisor<C>
}

/** Rejects as `system.superviseDynamic` does. */
export async function superviseDynamic<I, R>(
  home: TreeHome,
  spec: DynamicSpec<I, R>,
): Promise<DynamicSupervisor<I, R>> {
  const { child, ...rules } = dynamicSettings(spec)
  const lives = new SupervisorLives(
    home,
    'dynamic supervisor',
    { ...rules, strategy: 'dynamic', autoShutdown: 'never' },
    [],
  )
  await begin(lives)
  return new DynamicHandle(lives, child) as DynamicSupervisor<I, R>
}

/** Nobody starts it anew: when it has ended, its children have no other life. */
async function begin(lives: SupervisorLives): Promise<void> {
  try {
    const life = await lives.start(undefined, 0, undefined)
    life?.onEnd((reason) => lives.end(reason))
  } catch (error) {
    lives.end(SHUTDOWN)
    const { reason } = Object(error) as { reason?: Reason }
    throw isErrorLike(reason?.error) ? reason?.error : error
  }
}
