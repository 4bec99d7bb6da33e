/** What the operating system and the runtime tell a service's main process. */
import { constants } from 'node:os'

export interface ProcessEvents {
  /** Asked to end. `number` as the system counts it. */
  readonly ends: (signal: NodeJS.Signals, number: number) => void
  /** Asked who is there. */
  readonly tree: () => void
  /** An error that nobody caught; a rejection that nobody caught is one too, as `--unhandled-rejections` says. */
  readonly uncaught: (error: unknown) => void
}

const ENDS = ['SIGTERM', 'SIGINT'] as const

/** Listens until the function that it returns is called. Keeps the process alive meanwhile. */
export function listen({ ends, tree, uncaught }: ProcessEvents): () => void {
  const onEnd = (signal: NodeJS.Signals): void => ends(signal, constants.signals[signal])
  const ignored = (): void => undefined
  for (const signal of ENDS) process.on(signal, onEnd)
  process.on('SIGUSR2', tree)
  process.on('uncaughtException', uncaught)
  // A log that nobody reads any more must not end a service, nor each line about it bring the next.
  process.stderr.on('error', ignored)
  // Listeners keep no process alive, nor does an idle system.
  const alive = setInterval(ignored, LONGEST)
  return () => {
    clearInterval(alive)
    for (const signal of ENDS) process.off(signal, onEnd)
    process.off('SIGUSR2', tree)
    process.off('uncaughtException', uncaught)
    process.stderr.off('error', ignored)
  }
}

/** That a timer holds, in milliseconds. */
const LONGEST = 2_147_483_647
