import type { Endpoint } from '@troupe/core'
import { systemClock, Waits } from '@troupe/core/internal'
import { untrustingCodec } from '../codec/msgpack.js'
import { ModuleLoader } from '../module/load.js'
import { dial } from './dial.js'
import { openDoor } from './door.js'
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
  const waits = new Waits(systemClock())
  return {
    label: labelOf(place),
    codec: untrustingCodec(),
    trusted: place.trusted,
    loader: () => new ModuleLoader(),
    listen: (events) => openDoor(place, events),
    connect: (options) => dial(place, waits, options),
  }
}
