import { createSystem, defineActor, type Endpoint, type Proxied, type WaitOptions } from '@troupe/core'
import type { Connection } from '../pipe/connection.js'
import { createQueue } from '../queue/create-queue.js'
import type { Queue } from '../queue/queue.js'
import type { SocketOptions } from '../socket/options.js'
import { socket } from '../socket/socket.js'

/** Where connections come in, made by `listen`; Python's Listener. */
export interface Listener<Out = any, In = Out> extends AsyncIterable<Connection<Out, In>>, AsyncDisposable {
  /** `unix:/run/app.sock`, `tcp:127.0.0.1:4000`. */
  readonly label: string
  /** Of a TCP socket, also when the system has chosen it; undefined for a Unix socket. */
  readonly port: number | undefined
  /**
   * The next connection, once its other end has proved that it may come in.
   *
   * @throws TimeoutError; QueueClosedError once the listener is closed; the signal's reason; as rejections.
   */
  accept(options?: WaitOptions): Promise<Connection<Out, In>>
  /** Lets nobody in any more; what was accepted lives on, iterators end. Idempotent. */
  close(): Promise<void>
}

/** The actor that takes connections, by this name. */
const NAME = 'listener'

/**
 * Listens for `connect` of processes that this one did not start. The rules of `socket()` hold: a Unix path is private to
 * its user, a TCP port needs `authKey`, which each side proves to know, or `insecure: true`. Who connects can do nothing here
 * but send messages.
 *
 * @throws TypeError, RangeError for wrong options; what the system says of an address that is taken; as rejections.
 */
export async function listen<Out = any, In = Out>(address: SocketOptions): Promise<Listener<Out, In>> {
  const endpoint = socket(address)
  const system = createSystem({ name: NAME })
  const come: Queue<Connection<Out, In>> = createQueue({ system })
  let stopListening = (): Promise<void> => Promise.resolve()
  const taking: Endpoint = {
    ...endpoint,
    async listen(events) {
      const listening = await endpoint.listen(events)
      stopListening = () => listening.close()
      return listening
    },
  }
  try {
    await system.spawn(taker, come, { name: NAME })
    const door = await system.listen(taking, { modules: [] })
    const close = async (): Promise<void> => {
      // The door itself stays: it is what was accepted.
      await stopListening()
      await come.close()
    }
    return {
      label: door.label,
      port: door.port,
      accept: (options) => come.get(options),
      close,
      [Symbol.asyncIterator]: () => come[Symbol.asyncIterator](),
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await system.stop()
    throw error
  }
}

const taker = defineActor({
  init: (come: Queue<any>) => come,
  on: {
    connected: (come, end: Proxied) => come.put(end),
  },
})

export { NAME as LISTENER }
