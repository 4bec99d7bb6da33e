import type { WaitOptions } from '@troupe/core'
import { type ActorSystem, ownSystem, wrongType } from '@troupe/core/internal'
import type { Selectable } from './selectable.js'
import { Waiter } from '../proxy/waiter.js'

/**
 * Those of `of` that are ready, as soon as there is one: a connection with a message or at its end of file, a process that
 * has ended. Python's `connection.wait`.
 *
 * @param options `timeout` in milliseconds, after which it resolves with none; a negative one means 0.
 * @throws TypeError for what cannot be waited for; the signal's reason; as rejections.
 */
export async function select<const T extends readonly Selectable[]>(
  of: T,
  options: WaitOptions = {},
): Promise<T[number][]> {
  for (const each of of) {
    if (typeof each !== 'object' || each === null || !('~selectable' in each))
      throw wrongType('of', 'a list of connections and processes', each)
  }
  const ready = (): T[number][] => of.filter((each) => each['~selectable'].isReady)
  const now = ready()
  const timeout = options.timeout === undefined ? undefined : Math.max(0, options.timeout)
  if (now.length > 0 || timeout === 0) return now
  const waiter = new Waiter<T[number][]>(
    (ownSystem() as ActorSystem).waits,
    { ...options, timeout },
    { gaveUp: () => undefined, timedOut: () => new Error(NONE) },
  )
  const offs = of.map((each) => each['~selectable'].whenReady(() => waiter.resolve(ready())))
  try {
    return await waiter.promise
  } catch (error) {
    if ((error as { message?: unknown }).message === NONE) return []
    throw error
  } finally {
    for (const off of offs) off()
  }
}

const NONE = 'none is ready'
