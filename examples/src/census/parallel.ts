/** The run with the crew: shows how far it is, and kills a worker when chaos is asked for. */
import { killMidway } from './chaos.js'
import { createCrew } from './crew.js'
import { listenForKeys } from './keys.js'
import type { Options } from './options.js'
import { createProgress } from './progress.js'
import { paintOn } from './screen.js'
import { type Summary, summarise } from './summary.js'

/** @param total how many files are expected: for the progress, and to know when half-way is */
export async function examineInParallel(
  options: Options,
  total: number,
  signal: AbortSignal,
): Promise<{ workers: number; summary: Summary }> {
  const { folder, chaos } = options
  const paint = paintOn(process.stderr)
  const crew = createCrew(options.workers, (sentence) => progress.note(paint('yellow', sentence)))
  const { workers } = crew
  const progress = createProgress(workers === 1 ? '1 worker' : `${workers} workers`, total, process.stderr)
  const kill = () => {
    const pid = crew.killOne()
    progress.note(paint('red', pid === undefined ? 'chaos: no worker to kill' : `chaos: SIGKILL to process ${pid}`))
  }
  const midway = chaos ? killMidway(total, kill) : () => {}
  const keys = listenForKeys((key) => {
    if (chaos && key === 'k') kill()
  })
  if (chaos && keys.listening) progress.note(paint('gray', 'The key k kills a worker, Ctrl-C ends the census.'))
  try {
    const result = await crew.examine(folder, signal, (done) => {
      progress.advance()
      midway(done)
    })
    return { workers, summary: summarise(result, { restarts: crew.restarts(), reruns: crew.reruns() }) }
  } finally {
    keys.dispose()
    progress.end()
    await crew.end()
  }
}
