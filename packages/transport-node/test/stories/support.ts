/** What the stories share: a system whose events are kept, waits with a bound, and a look at processes. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSystem, type System, type SystemEvent } from '@troupe/core'
import { remote } from '@troupe/transport-node'

export const actors = remote<typeof import('../fixtures/actors.js')>(new URL('../fixtures/actors.js', import.meta.url))

const systems: System[] = []

/** A system that `stopSystems` stops; its events are kept, so that crashes are not printed. */
export function testSystem(): { system: System; events: SystemEvent[] } {
  const system = createSystem({ name: 'test' })
  const events: SystemEvent[] = []
  system.events$.subscribe((event) => events.push(event))
  systems.push(system)
  return { system, events }
}

export async function stopSystems(): Promise<void> {
  await Promise.all(systems.splice(0).map((system) => system.stop()))
}

/** The bound within which a failure must be known. */
export const SETTLES = 1_000

/** Fails unless `promise` settles within `ms`. A slow machine starts processes slowly: `start` is not counted. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const late = new AbortController()
  const bound = sleep(ms, undefined, { signal: late.signal }).then(() => {
    throw new Error(`Expected it to settle within ${ms} ms`)
  })
  try {
    return await Promise.race([promise, bound])
  } finally {
    late.abort()
    bound.catch(() => undefined)
  }
}

/** What `promise` rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<any> {
  return promise.then(
    (value) => {
      throw new Error(`Expected a rejection, got ${String(value)}`)
    },
    (error: unknown) => error,
  )
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // Ended, and waits for its foster parent to take notice.
    if (process.platform === 'linux') return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
    return true
  } catch {
    return false
  }
}

/** Resolves once `condition` holds; rejects after `ms`. */
export async function until(condition: () => boolean, what: string, ms = 5_000): Promise<void> {
  const deadline = Date.now() + ms
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Expected within ${ms} ms: ${what}`)
    await sleep(5)
  }
}
