import type { System } from '@troupe/core'
import { expectNumber, expectOneOf, expectOptions } from '@troupe/core/internal'
import { startKeeper } from '../proxy/keeper.js'
import { queueBroker } from './broker.js'
import { type JoinableQueue, ProxyJoinableQueue } from './joinable-queue.js'
import type { OnConsumerCrash } from './line.js'
import { ProxyQueue, type Queue } from './queue.js'

/** Options of `createQueue`. */
export interface QueueOptions {
  /** Items that it holds at most, at least 1. Default 10,000; Infinity for no bound, as Python's without `maxsize`. */
  readonly capacity?: number | undefined
  /** Whose actor it is. Default: this process's own system. */
  readonly system?: System | undefined
}

/**
 * Makes a queue, which this process owns: it ends with it, or when it is closed and drained. Idle, it keeps no process
 * alive.
 *
 * @throws TypeError, RangeError for wrong options.
 */
export function createQueue<T>(options: QueueOptions = {}): Queue<T> {
  expectOptions('createQueue options', options, ['capacity', 'system'])
  return new ProxyQueue(startBroker(options, 'requeue'))
}

/** Options of `createJoinableQueue`. */
export interface JoinableQueueOptions extends QueueOptions {
  /**
   * What becomes of the items that a consumer's process had not done when it died: `requeue`, the default, has others get
   * them, before all that waits; `done` counts them as done.
   */
  readonly onConsumerCrash?: OnConsumerCrash | undefined
}

/**
 * Makes a queue that knows which of its items are done: what is got is leased until `taskDone`.
 *
 * @throws TypeError, RangeError for wrong options.
 */
export function createJoinableQueue<T>(options: JoinableQueueOptions = {}): JoinableQueue<T> {
  expectOptions('createJoinableQueue options', options, ['capacity', 'system', 'onConsumerCrash'])
  const { onConsumerCrash = 'requeue' } = options
  expectOneOf('onConsumerCrash', onConsumerCrash, ['requeue', 'done'])
  return new ProxyJoinableQueue(startBroker(options, onConsumerCrash))
}

function startBroker({ capacity = 10_000, system }: QueueOptions, onConsumerCrash: OnConsumerCrash): object {
  if (capacity !== Infinity) expectNumber('capacity', capacity, { min: 1, integer: true })
  return startKeeper(queueBroker({ capacity, onConsumerCrash }), 'queue', system)
}
