import { processRecord } from '@troupe/core/internal'
import { JOINABLE_QUEUE, ProxyJoinableQueue } from './joinable-queue.js'
import { ProxyQueue, QUEUE } from './queue.js'

/** From now on queues that come in messages are queues here. Whoever lets messages in calls it. */
export function registerProxies(): void {
  const proxies = (processRecord().proxies ??= new Map())
  if (proxies.has(QUEUE)) return
  proxies.set(QUEUE, (owner: object) => new ProxyQueue(owner))
  proxies.set(JOINABLE_QUEUE, (owner: object) => new ProxyJoinableQueue(owner))
}
