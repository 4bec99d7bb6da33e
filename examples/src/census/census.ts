/**
 * The job from beginning to end: counts the files, has them examined by the pool, does it again alone if asked to, and
 * shows the answers. Progress and incidents go to stderr, so that stdout holds the answers and nothing else.
 */
import { count } from './numbers.js'
import type { Options } from './options.js'
import { requireFolder } from './folder.js'
import { examineInParallel } from './parallel.js'
import { paintOn } from './screen.js'
import { json } from './summary.js'
import { table } from './table.js'
import { verify } from './verify.js'
import { walk } from './walk.js'

/** @returns the exit code: 1 when the serial run found something else */
export async function census(options: Options, signal: AbortSignal): Promise<number> {
  const { folder } = options
  await requireFolder(folder)
  const total = await countFiles(folder, signal)
  process.stderr.write(total === 0 ? `No files in ${folder}\n` : `${count(total)} files in ${folder}\n`)
  const { workers, summary } = await examineInParallel(options, total, signal)
  const verdict = options.verify ? await verify(folder, summary, total, signal) : undefined
  const run = { title: `Census of ${folder}`, workers, summary, verdict }
  process.stdout.write(`${options.json ? json(summary) : table(run, paintOn(process.stdout))}\n`)
  if (verdict?.equal === false) process.stderr.write('The serial run found other totals than the pool.\n')
  return verdict?.equal === false ? 1 : 0
}

/** To walk costs little beside examining, and gives the progress something to measure itself by. */
async function countFiles(folder: string, signal: AbortSignal): Promise<number> {
  let total = 0
  for await (const _ of walk(folder)) {
    signal.throwIfAborted()
    total += 1
  }
  return total
}
