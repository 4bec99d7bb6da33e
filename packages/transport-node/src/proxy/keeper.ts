import type { System } from '@troupe/core'
import { type ActorSystem, type Behaviour, ownSystem, wrongType } from '@troupe/core/internal'

/**
 * Starts the actor that keeps what a proxy stands for, in `given` or in this process's own system; gives its ref.
 *
 * @throws TypeError for what is no system; TroupeError (ERR_SYSTEM_STOPPED).
 */
export function startKeeper(behaviour: Behaviour, title: string, given: System | undefined): object {
  if (given !== undefined && typeof (given as { mustRun?: unknown } | null)?.mustRun !== 'function')
    throw wrongType('system', 'a system of createSystem()', given)
  const system = (given ?? ownSystem()) as ActorSystem
  system.mustRun()
  const { cell, started } = system.spawner.startOwn(behaviour, title)
  started.catch(() => undefined)
  return cell.ref
}
