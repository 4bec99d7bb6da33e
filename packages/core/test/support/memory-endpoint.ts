/** Endpoints of this process: names at which one may listen, behind which channels in memory are made. */
import { AbortError, type Channel, NotPortableError, TimeoutError } from '@troupe/core'
import { channelPair, type EndpointSetup, jsonCodec } from '@troupe/core/testing'

type Endpoint = EndpointSetup['endpoint']
type Events = Parameters<Endpoint['listen']>[0]

/** Who listens where; `silent` is for those who let nobody in and never say so. */
const listeners = new Map<string, Events | 'silent'>()

export function memoryEndpoint(label: string): Endpoint {
  return {
    label,
    codec: jsonCodec(),
    trusted: true,
    loader: () => ({
      announce: () => undefined,
      load: async () => {
        throw new NotPortableError({ what: 'an actor', problem: 'nothing is loaded here' })
      },
    }),
    async listen(events) {
      if (listeners.has(label)) throw new Error(`Somebody listens at ${label} already`)
      listeners.set(label, events)
      const close = async (): Promise<void> => {
        if (listeners.get(label) === events) listeners.delete(label)
      }
      return { label, close }
    },
    async connect({ timeout, signal } = {}) {
      if (signal?.aborted === true) throw signal.reason
      const events = listeners.get(label)
      if (events === undefined) throw new Error(`Nobody listens at ${label}`)
      if (events === 'silent') return never(timeout, signal)
      const [near, far] = channelPair({ highWater: 64 * 1024 })
      events.onChannel(far, 'memory')
      return near
    },
  }
}

export function silentEndpoint(label: string): Endpoint {
  listeners.set(label, 'silent')
  return memoryEndpoint(label)
}

/** As one who has no key. */
export function intrude(label: string): void {
  const events = listeners.get(label)
  if (typeof events === 'object') events.onRefused(new AbortError({ what: 'The intruder' }), 'memory')
}

function never(timeout: number | undefined, signal: AbortSignal | undefined): Promise<Channel> {
  return new Promise((_, reject) => {
    const late = (): void => reject(new TimeoutError({ what: 'connect', timeout: timeout as number }))
    const timer = timeout === undefined ? undefined : setTimeout(late, timeout)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    })
  })
}
