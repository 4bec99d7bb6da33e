import type { Endpoint } from '@troupe/core'
import { systemClock, Waits } from '@troupe/core/internal'
import { untrustingCodec } from '../codec/msgpack.js'
import { registerProxies } from '../proxies.js'
import { ModuleLoader } from '../module/load.js'
import { labelOf, type SocketOptions, socketPlace } from './options.js'

/**
 * A place for `system.listen` and `system.connect`: a Unix socket by `path`, which is private to its user, or a TCP
 * socket by `host` and `port`, which needs `authKey` or `insecure: true`. With a key each end proves that it knows it
 * before anything else is read. Nothing is encrypted without `tls`.
 *
 * Neither what listens nor its channels keep the process alive: an idle system never does.
 *
 * @throws TypeError, RangeError for wrong options; nothing is opened yet.
 */
export function socket(options: SocketOptions): Endpoint {
  const place = socketPlace(options)
  registerProxies()
  const waits = new Waits(systemClock())
  return {
    label: labelOf(place),
    codec: untrustingCodec(),
    trusted: place.trusted,
    loader: () => new ModuleLoader(),
    // Loaded at their first use: TLS costs every program that imports this package several milliseconds.
    listen: async (events) => (await import('./door.js')).openDoor(place, events),
    connect: async (options) => (await import('./dial.js')).dial(place, waits, options),
  }
}
