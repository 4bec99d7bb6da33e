/** Refuses a folder that cannot be read, before any work begins, in a sentence for the user. */
import { readdir } from 'node:fs/promises'

export async function requireFolder(folder: string): Promise<void> {
  try {
    await readdir(folder)
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    throw new Error(`${reasons[code] ?? `Cannot read the folder (${code})`}: ${folder}`)
  }
}

const reasons: Record<string, string> = {
  ENOENT: 'There is no such folder',
  ENOTDIR: 'This is not a folder',
  EACCES: 'There is no permission to read the folder',
}
