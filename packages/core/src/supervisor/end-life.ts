import type { Shutdown } from '../definition/child-spec.js'
import type { Reason } from '../errors/reason.js'
import { type Clock, LONGEST, type Timer } from '../ports/clock.js'
import type { Target } from '../ref/target.js'

/** A process or thread that several actors share. */
export interface HostBehind {
  kill(): void
}

/** How long a shared host may take to obey a kill, in milliseconds: beyond that one of its actors holds its thread. */
const OBEDIENCE = 1_000

/**
 * Ends one life of a child as its `shutdown` says, and resolves with the reason. An actor that blocks the thread of a
 * shared host hears neither stop nor kill: then the host goes, and with it all who live there.
 */
export async function endLife(
  life: Target,
  shutdown: Shutdown,
  clock: Clock,
  host: HostBehind | undefined,
): Promise<Reason> {
  const { exited } = life
  if (shutdown === 'brutal_kill') life.kill()
  else life.stop({ drain: false, timeout: shutdown })
  const patience = (shutdown === 'brutal_kill' ? 0 : shutdown) + OBEDIENCE
  if (host === undefined || patience > LONGEST) return exited
  const timer: Timer = clock.setTimeout(() => host.kill(), patience)
  try {
    return await exited
  } finally {
    clock.clearTimeout(timer)
  }
}
