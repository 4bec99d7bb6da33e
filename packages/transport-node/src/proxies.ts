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
  proxies.set(CONNECTION, (owner: object, fields: unknown) => new PipeEnd(owner, fields as EndFields))
  proxies.set(SEMAPHORE, (owner: object) => new ProxySemaphore(owner))
  proxies.set(EVENT, (owner: object) => new ProxyEvent(owner))
  proxies.set(BARRIER, (owner: object, parties: unknown) => new ProxyBarrier(owner, Number(parties)))
}
