/** Hosts in this thread that are told from those elsewhere by nothing: definitions must be named there too. */
import type { ActorDefinition, Channel, Launcher, RemoteActor } from '@troupe/core'
import { inline, type InlineHost, jsonCodec, type PairOptions } from '@troupe/core/testing'

type Definitions = Record<string, ActorDefinition<any, any>>
type RemoteOf<T> = T extends ActorDefinition<infer I, infer P> ? RemoteActor<I, P> : never

/** What a module would export, and the names under which hosts find it. */
export function memoryModule<T extends Definitions>(definitions: T): { readonly [K in keyof T]: RemoteOf<T[K]> } {
  const url = `memory:${modules.size}`
  modules.set(url, definitions)
  return Object.fromEntries(Object.keys(definitions).map((key) => [key, { url, export: key }])) as never
}

const modules = new Map<string, Definitions>()

export interface MemoryOptions extends PairOptions {
  readonly startTimeout?: number
  /** The child never answers the hello. */
  readonly mute?: boolean
  /** The codec that the child uses; default: the same as its parent. */
  readonly childCodec?: string
  /** What its parent sends arrives so many turns of the loop later, in order. */
  readonly lag?: number
  /** Sees every chunk on its way to the child (`down`) and to the parent (`up`). */
  readonly tap?: (way: 'down' | 'up', bytes: Uint8Array) => void
}

/** A placement whose hosts live in this thread. `hosts` lists those that it started. */
export function memoryHost(options: MemoryOptions = {}): Launcher & { readonly hosts: readonly InlineHost[] } {
  const { startTimeout, childCodec, tap, mute, lag, ...channel } = options
  const { hosts, ...placement } = inline({
    startTimeout,
    channel,
    hostCodec: jsonCodec(childCodec),
    wrap: (end, where) => {
      const seen = tapped(end, (bytes) => tap?.(where === 'near' ? 'down' : 'up', bytes))
      if (lag !== undefined && where === 'near') return lagging(seen, lag)
      return mute === true && where === 'far' ? { ...seen, send: () => true } : seen
    },
    load: async (url, name) => modules.get(url)?.[name],
  })
  return { ...placement, hosts, reach: 'elsewhere' }
}

function lagging(channel: Channel, turns: number): Channel {
  const later = (left: number, then: () => void): void =>
    left === 0 ? then() : void setImmediate(() => later(left - 1, then))
  return {
    ...channel,
    send: (bytes) => {
      const copy = bytes.slice()
      later(turns, () => channel.send(copy))
      return true
    },
  }
}

function tapped(channel: Channel, onSend: (bytes: Uint8Array) => void): Channel {
  return {
    send: (bytes) => {
      onSend(bytes)
      return channel.send(bytes)
    },
    open: (events) => channel.open(events),
    close: () => channel.close(),
    destroy: () => channel.destroy(),
  }
}
