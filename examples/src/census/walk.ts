/**
 * The files below a folder, one at a time and in the same order each time. Memory holds the folders still to be read,
 * never the list of all files, so the walk goes only as fast as its reader asks. Symbolic links are not followed.
 */
import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Skipped } from './skip.js'

/** @param onSkip told of what is no file, and of folders that cannot be read; the walk goes on */
export async function* walk(folder: string, onSkip: (skipped: Skipped) => void = () => {}): AsyncGenerator<string> {
  const folders = [folder]
  for (let current = folders.pop(); current !== undefined; current = folders.pop()) {
    const entries = await entriesOf(current)
    if (entries === undefined) onSkip({ path: current, skip: 'unreadable' })
    for (const entry of entries ?? []) {
      const path = join(current, entry.name)
      if (entry.isDirectory()) folders.push(path)
      else if (entry.isFile()) yield path
      else if (!entry.isSymbolicLink()) onSkip({ path, skip: 'not a file' })
    }
  }
}

async function entriesOf(folder: string): Promise<Dirent[] | undefined> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return undefined
  }
}
