import { createSystem, PeerClosedError, type WaitOptions } from '@troupe/core'
import type { Connection } from '../pipe/connection.js'
import { startPipe } from '../pipe/create-pipe.js'
import type { SocketOptions } from '../socket/options.js'
import { socket } from '../socket/socket.js'
import { LISTENER } from './listen.js'

/**
 * Connects to `listen` of another process; Python's Client. The connection is a pipe whose other end has moved there: it
 * ends with either process.
 *
 * @param options `timeout` in milliseconds until it is accepted into the listener's queue. Default 30,000.
 * @throws AuthenticationError; PeerClosedError where nothing listens for connections; TimeoutError; what the system says of
 *   an address where nobody is; TypeError, RangeError for wrong options; as rejections.
 */
export async function connect<Out = any, In = Out>(
  address: SocketOptions,
  options: WaitOptions = {},
): Promise<Connection<Out, In>> {
  const system = createSystem({ name: 'connection' })
  try {
    const far = await system.connect(socket(address), options)
    const listener = await far.whereis(LISTENER)
    if (listener === undefined) throw new PeerClosedError({ connection: far.id })
    const { ends, gone } = startPipe<Out, In>(system)
    await listener.ask('connected', ends[1], options)
    // Once both ends are closed, or their processes gone.
    void gone.then(() => system.stop())
    return ends[0]
  } catch (error) {
    await system.stop()
    throw error
  }
}
