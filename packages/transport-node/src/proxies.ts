import { processRecord } from '@troupe/core/internal'
import { CONNECTION, type EndFields, PipeEnd } from './pipe/pipe-end.js'
import { JOINABLE_QUEUE, ProxyJoinableQueue } from './queue/joinable-queue.js'
import { ProxyQueue, QUEUE } from './queue/queue.js'
import { BARRIER, ProxyBarrier } from './sync/barrier.js'
import { EVENT, ProxyEvent } from './sync/event.js'
import { ProxySemaphore, SEMAPHORE } from './sync/semaphore.js'

/** From now on proxies that come in messages are themselves here. Whoever lets messages in calls it. */
export function registerProxies(): void {
  const proxies = (processRecord().proxies ??= new Map())
  if (proxies.has(QUEUE)) return
  proxies.set(QUEUE, (owner: object) => new ProxyQueue(owner))
  proxies.set(JOINABLE_QUEUE, (owner: object) => new ProxyJoinableQueue(owner))
  proxies.set(CONNECTION, (owner: object, fields: unknown) => new PipeEnd(owner, expectEnd(fields)))
  proxies.set(SEMAPHORE, (owner: object) => new ProxySemaphore(owner))
  proxies.set(EVENT, (owner: object) => new ProxyEvent(owner))
  proxies.set(BARRIER, (owner: object, parties: unknown) => new ProxyBarrier(owner, Number(parties)))
}

/** They may come from anybody. */
function expectEnd(fields: unknown): EndFields {
  const { side, epoch, readable, writable } = Object(fields) as EndFields
  const valid = (side === 0 || side === 1) && Number.isSafeInteger(epoch) && epoch > 0
  if (!valid) throw new TypeError('What came in the place of a connection is none')
  return { side, epoch, readable: readable === true, writable: writable === true }
}
