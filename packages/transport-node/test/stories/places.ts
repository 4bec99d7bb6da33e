/** Where the actors of a story may live: each in a process or thread of its own, or all in one that they share. */
import type { Host, Launcher, Placement, System } from '@troupe/core'
import { childProcess, workerThread } from '@troupe/transport-node'

export type Own = 'process' | 'thread'
export type Place = Own | 'shared process' | 'shared thread'

export const owns: readonly Own[] = ['process', 'thread']
export const places: readonly Place[] = ['process', 'thread', 'shared process', 'shared thread']

export const launcher = (own: Own): Launcher => (own === 'process' ? childProcess() : workerThread())

const shared = new WeakMap<System, Map<Place, Promise<Host>>>()

/** The placement; a shared host is launched once a system. */
export async function placed(system: System, place: Place): Promise<Placement<'elsewhere'>> {
  if (place === 'process' || place === 'thread') return launcher(place)
  const hosts = shared.get(system) ?? new Map<Place, Promise<Host>>()
  shared.set(system, hosts)
  const known = hosts.get(place) ?? system.launch(launcher(place.slice('shared '.length) as Own))
  hosts.set(place, known)
  return known
}
