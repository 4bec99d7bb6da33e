/** The connecting half of a socket: reaches the other end, proves itself, and leaves nothing open when it fails. */
import { connect, type Socket } from 'node:net'
import type { Channel, ConnectOptions } from '@troupe/core'
import type { Waits } from '@troupe/core/internal'
import { introduceTo } from './introduce.js'
import { EVERY_SOCKET, labelOf, type SocketPlace } from './options.js'
import { secureAsClient } from './secure.js'
import { expectOwn } from './unix-path.js'

/** Keeps the process alive until it settles; its channel does not. */
export function dial(place: SocketPlace, waits: Waits, options: ConnectOptions = {}): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const peer = labelOf(place)
    const { where, key, tls } = place
    if (where.kind === 'tcp' && where.port === 0) {
      throw new RangeError('Expected `port` to be a number from 1 to 65535 to connect to, got 0 (number)')
    }
    // Who knows the key need not be known by his file.
    if (where.kind === 'unix' && key === undefined) expectOwn(where.path)
    const secure = where.kind === 'tcp' && tls !== undefined ? secureAsClient(tls, where.host) : undefined
    const end = waits.limit(
      () => `connect to ${peer}`,
      options,
      (error) => {
        reject(error as Error)
        socket.destroy()
      },
    )
    const socket = connect({ ...where, ...EVERY_SOCKET })
    reached(socket)
      .then(() => introduceTo(socket, place, 'connecting', peer, secure))
      .then(
        (channel) => {
          end?.()
          socket.unref()
          resolve(channel)
        },
        (error: unknown) => {
          end?.()
          socket.destroy()
          reject(error as Error)
        },
      )
  })
}

function reached(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve()
    })
    // Kept until then: a socket without one ends the process by its error.
    socket.on('error', reject)
  })
}
