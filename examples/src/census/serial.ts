/** The same work without a pool: one file after the other, in this process. What `--verify` compares with. */
import { setImmediate as turn } from 'node:timers/promises'
import { examine, type Facts } from './examine.js'
import type { Skipped } from './skip.js'

export async function* examineSerially(
  paths: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<Facts | Skipped> {
  for await (const path of paths) {
    // One turn of the event loop a file, or Ctrl-C would go unheard until the end.
    await turn()
    signal.throwIfAborted()
    yield examine(path)
  }
}
