/**
 * Who does the work, and the one file of the census that knows Troupe's words: a walker process puts paths into a queue, a
 * supervised pool takes them from there, and a merger actor gathers what it finds. A worker that dies is replaced, and
 * what it had in hand is examined again: `examine` changes nothing, which is what `idempotent` tells the pool.
 */
import { createSystem } from '@troupe/core'
import { createPool, type PoolEvent, remote } from '@troupe/pool'
import { createQueue, startProcess } from '@troupe/transport-node'
import { merger } from './merger.js'
import type { Tally } from './tally.js'

export interface Crew {
  /** how many workers there are */
  readonly workers: number
  /** @param onFile told after each file how many are done */
  examine(folder: string, signal: AbortSignal, onFile: (done: number) => void): Promise<Tally>
  /** Kills a worker, a busy one if there is one, and returns its process id. */
  killOne(): number | undefined
  restarts(): number
  /** how many files were handed out again because their worker died */
  reruns(): number
  /** Resolves when no process is left. */
  end(): Promise<void>
}

/**
 * @param workers undefined for as many as this process may use cores
 * @param onIncident told of each crash, restart and rerun, in a sentence
 */
export function createCrew(workers: number | undefined, onIncident: (sentence: string) => void): Crew {
  const system = createSystem({ name: 'census' })
  const pool = createPool({ system, size: workers })
  pool.events$.subscribe(inSentences(onIncident))
  return {
    workers: pool.size,
    async examine(folder, signal, onFile) {
      const start = performance.now()
      const totals = await system.spawn(merger, folder)
      const files = createQueue<string>({ system, capacity: 256 })
      const walker = startProcess(walking.putFiles, [folder, files, totals], { name: 'walker', system })
      const lost = new AbortController()
      void walker.exited.then(({ code, error }) => code !== 0 && lost.abort(error ?? new Error('The walker was lost')))
      let done = 0
      const options = { ...examining, signal: AbortSignal.any([signal, lost.signal]) }
      for await (const found of pool.imapUnordered(tasks.examine, files, options)) {
        await totals.ask('add', found)
        onFile(++done)
      }
      return { totals: await totals.ask('totals'), ms: performance.now() - start }
    },
    killOne() {
      const workers = pool.stats().workers.filter(({ pid }) => pid !== undefined)
      const victim = workers.find(({ state }) => state === 'busy') ?? workers[0]
      return victim?.pid !== undefined && killed(victim.pid) ? victim.pid : undefined
    },
    restarts: () => pool.stats().restarts,
    reruns: () => pool.stats().retried,
    async end() {
      await pool.terminate()
      await system.stop()
    },
  }
}

const tasks = remote<typeof import('./examine.js')>(new URL('./examine.js', import.meta.url))
const walking = remote<typeof import('./walker.js')>(new URL('./walker.js', import.meta.url))

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
