/** How calls come out, and that they do. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds: what should take one second may take long on a machine that does much else; a hang takes for ever. */
const HANG = 15_000

/** The error that `promise` rejects with, within a time that only a hang exceeds. */
export async function failure(promise: PromiseLike<unknown>): Promise<any> {
  const outcome = await inTime(
    Promise.resolve(promise).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    ),
  )
  if ('error' in outcome) return outcome.error
  throw new Error(`Expected a rejection, got ${JSON.stringify(outcome.value)}`)
}

/** `promise`, or an error when it hangs. */
export async function inTime<T>(promise: PromiseLike<T>, ms = HANG): Promise<T> {
  const stop = new AbortController()
  const hang = sleep(ms, undefined, { signal: stop.signal }).then(
    () => {
      throw new Error(`Not settled after ${ms} ms`)
    },
    () => new Promise<never>(() => undefined),
  )
  try {
    return await Promise.race([promise, hang])
  } finally {
    stop.abort()
  }
}

/** Waits turn by turn until `holds`. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + HANG
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`It never became true: ${holds.toString()}`)
    await turn()
  }
}

/** Whether a process with that id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
