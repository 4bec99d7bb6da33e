/** The end of a service's process: by itself when it can, by force when something else keeps it alive. */
import type { Writable } from 'node:stream'

/** Milliseconds that the process has to end by itself, and then once more for what it has written. */
const PATIENCE = 1_000

/**
 * Lets the process end with `code`. Unless another service has begun meanwhile, it is ended when something keeps it
 * alive, which `say` is told.
 */
export function exitSoon(code: number, say: (line: string) => void, another: () => boolean): void {
  tellCode(code)
  // Asleep: it fires only if the process is still there.
  setTimeout(() => {
    if (another()) return
    const held = [...new Set(process.getActiveResourcesInfo())].join(', ')
    say(`still alive ${PATIENCE} ms after the end: process.exit(${process.exitCode}). What keeps it: ${held}`)
    void exitNow(code)
  }, PATIENCE).unref()
}

/** Ends the process once what it has written is out, or after a while that nobody reads it. */
export async function exitNow(code: number): Promise<never> {
  tellCode(code)
  await Promise.race([Promise.all([flushed(process.stdout), flushed(process.stderr)]), after(PATIENCE)])
  process.exit()
}

/** A code that the program has set itself is more exact than "fine". */
function tellCode(code: number): void {
  if (code !== 0) process.exitCode = code
  else process.exitCode ??= 0
}

function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0 || stream.destroyed) return resolve()
    stream.once('error', () => resolve())
    stream.write('', () => resolve())
  })
}

const after = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms))
