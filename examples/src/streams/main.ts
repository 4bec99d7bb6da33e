/**
 * The first lines of a file with a word in them. A thread reads, a process searches, and this one takes what it wants:
 * demand flows backwards, and a `break` closes the file at the far end.
 *
 *   npm run example -- streams [file] [word]
 */
import { fileURLToPath } from 'node:url'
import { createSystem } from '@troupe/core'
import { childProcess, remote, workerThread } from '@troupe/transport-node'
import type { Hit } from './finder.js'

const { reader } = remote<typeof import('./reader.js')>(new URL('./reader.js', import.meta.url))
const { finder } = remote<typeof import('./finder.js')>(new URL('./finder.js', import.meta.url))
const lockfile = fileURLToPath(new URL('../../../pnpm-lock.yaml', import.meta.url))

export async function main(
  print: (line: string) => void,
  [path = lockfile, word = 'resolution']: readonly string[] = [],
): Promise<{ hits: Hit[]; read: number; open: number }> {
  const system = createSystem({ name: 'streams' })
  try {
    const source = await system.spawn(reader, undefined, { on: workerThread() })
    const search = await system.spawn(finder, undefined, { on: childProcess() })

    const hits: Hit[] = []
    // A window counts the items under way: at most 16 lines toward us, and 8 hits.
    const lines = source.stream('lines', path, { window: 16 })
    for await (const hit of search.stream('find', { lines, word }, { window: 8 })) {
      hits.push(hit)
      print(`${hit.line}: ${hit.text.slice(0, 60)}`)
      if (hits.length === 5) break
    }

    // The break is on its way to the file, from process to process.
    let { lines: read, open } = await source.ask('count')
    while (open > 0) ({ lines: read, open } = await source.ask('count'))
    print(`${read} lines read, ${open} files open`)
    return { hits, read, open }
  } finally {
    await system.stop()
  }
}
