import type { System } from '../definition/system.js'
import { expectOptions, expectString, expectTimeout } from '../errors/expect.js'
import { ROOT_HOST } from '../message/address.js'
import { type Clock, systemClock } from '../ports/clock.js'
import { ActorSystem } from './actor-system.js'

/** Options of `createSystem`. */
export interface SystemOptions {
  /** For listings and hellos. Default `troupe`. */
  readonly name?: string | undefined
  /** Milliseconds after which an ask without a timeout of its own rejects. Default: never. */
  readonly askTimeout?: number | undefined
  /** Where time comes from. Default: the runtime's own timers. */
  readonly clock?: Clock | undefined
}

/**
 * The root of a program's actors. It keeps the process alive only while something is pending; end it with `stop()`.
 *
 * @throws TypeError, RangeError for wrong options.
 */
export function createSystem(options: SystemOptions = {}): System {
  expectOptions('createSystem options', options, ['name', 'askTimeout', 'clock'])
  const { name = 'troupe', askTimeout, clock = systemClock() } = options
  expectString('name', name)
  if (askTimeout !== undefined) expectTimeout('askTimeout', askTimeout)
  return new ActorSystem({ name, askTimeout, clock, host: ROOT_HOST })
}
