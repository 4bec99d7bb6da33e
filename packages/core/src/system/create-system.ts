import type { System } from '../definition/system.js'
import { expectBoolean, expectOptions, expectString, expectTimeout } from '../errors/expect.js'
import { ROOT_HOST } from '../message/address.js'
import { type Clock, systemClock } from '../ports/clock.js'
import { ActorSystem } from './actor-system.js'

/** Options of `createSystem`. */
export interface SystemOptions {
  /** For listings and hellos. Default `troupe`. */
  readonly name?: string | undefined
  /** Milliseconds after which an ask without a timeout of its own rejects. Default: never. */
  readonly askTimeout?: number | undefined
  /**
   * For tests: messages and replies between actors of this process are copied, and refused when they are no data, as
   * between processes. Default false: they pass by reference, and belong to the receiver.
   */
  readonly isolate?: boolean | undefined
  /** Where time comes from. Default: the runtime's own timers. */
  readonly clock?: Clock | undefined
}

/**
 * The root of a program's actors. It keeps the process alive only while something is pending; end it with `stop()`.
 *
 * @throws TypeError, RangeError for wrong options.
 */
export function createSystem(options: SystemOptions = {}): System {
  expectOptions('createSystem options', options, ['name', 'askTimeout', 'isolate', 'clock'])
  const { name = 'troupe', askTimeout, isolate = false, clock = systemClock() } = options
  expectString('name', name)
  if (askTimeout !== undefined) expectTimeout('askTimeout', askTimeout)
  expectBoolean('isolate', isolate)
  return new ActorSystem({ name, askTimeout, isolate, clock, host: ROOT_HOST })
}
