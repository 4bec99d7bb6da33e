/**
 * The supervised pool at work, and the one file of the census that knows it. A worker that dies is replaced, and what
 * it had in hand is examined again: `examine` changes nothing, which is what `idempotent` tells the pool.
 */
import { createPool, type PoolEvent, remote } from '@troupe/pool'
import type { Examiner } from './tally.js'

export interface Crew {
  examine: Examiner
  /** Kills a worker, a busy one if there is one, and returns its process id. */
  killOne(): number | undefined
  restarts(): number
  /** how many files were handed out again because their worker died */
  reruns(): number
  /** Resolves when no process is left. */
  end(): Promise<void>
}

/** @param onIncident told of each crash, restart and rerun, in a sentence */
export function createCrew(workers: number, onIncident: (sentence: string) => void): Crew {
  const pool = createPool({ size: workers })
  const incidents = pool.events$.subscribe(inSentences(onIncident))
  return {
    examine: (paths, signal) => pool.imapUnordered(tasks.examine, paths, { ...examining, signal }),
    killOne() {
      const workers = pool.stats().workers.filter(({ pid }) => pid !== undefined)
      const victim = workers.find(({ state }) => state === 'busy') ?? workers[0]
      return victim?.pid !== undefined && killed(victim.pid) ? victim.pid : undefined
    },
    restarts: () => pool.stats().restarts,
    reruns: () => pool.stats().retried,
    async end() {
      await pool.terminate()
      incidents.unsubscribe()
    },
  }
}

const tasks = remote<typeof import('./examine.js')>(new URL('./examine.js', import.meta.url))

/** Most files take about a millisecond: some at a time, so that the workers need not wait for the next. */
const examining = { retries: 2, idempotent: true, chunkSize: 8 }

/** The reruns of one crash come together and are told together. */
function inSentences(onIncident: (sentence: string) => void): (event: PoolEvent) => void {
  let reruns = 0
  const tellReruns = () => {
    onIncident(`the pool hands out ${reruns} ${reruns === 1 ? 'file' : 'files'} again`)
    reruns = 0
  }
  return (event) => {
    if (event.type === 'crashed') onIncident(`crash: ${whatHappened(event.error)}`)
    if (event.type === 'restarted') onIncident(`${event.id} restarted`)
    if (event.type === 'taskRetried' && ++reruns === 1) setImmediate(tellReruns)
  }
}

/** The first sentence tells what happened; the second what to do about it. */
const whatHappened = (error: Error): string => error.message.split('. ', 1)[0] as string

/** It may have ended meanwhile by itself. */
function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}
