/**
 * `process.exit` right after a message loses it: libuv writes later, and there is no later. So what is under way is
 * written, blocking, when the process or thread exits, however it comes to that; only SIGKILL leaves no time.
 */
import type { ActorSystem } from '@troupe/core/internal'

/** How long an exiting process may wait for a parent that does not read, in milliseconds. */
const EXIT_DEADLINE = 5_000

export function flushAtExit(system: ActorSystem): void {
  process.on('exit', () => system.flushNow(EXIT_DEADLINE))
}

/** Messages that later listeners of 'exit' send leave here, the last moment of the whole process. */
export function flushBehindExit(system: ActorSystem): void {
  const inside = process as unknown as { reallyExit: (code?: number) => never }
  const reallyExit = inside.reallyExit
  inside.reallyExit = (code) => {
    system.flushNow(EXIT_DEADLINE)
    return reallyExit.call(process, code)
  }
}

/** An error that nobody caught ends the process, and its actors with that error as their reason. */
export function lastWordsOf(system: ActorSystem): void {
  process.on('uncaughtException', (error) => {
    // Whoever listens as well has taken the decision on himself.
    if (process.listenerCount('uncaughtException') > 1) return
    system.crash(error)
    process.exit(1)
  })
}
