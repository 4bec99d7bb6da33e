/** What the first code of a host does, wherever it runs: greets the parent, becomes a host of its system, and ends with it. */
import type { Channel, Reason } from '@troupe/core'
import { ActorSystem, type Hello, Neighbour, processRecord, systemClock } from '@troupe/core/internal'
import { msgpackCodec } from '../codec/msgpack.js'
import { ModuleLoader } from '../module/load.js'
import { registerProxies } from '../proxies.js'
import { lastWordsOf } from './last-words.js'

export interface Booting {
  /** Which ends when the parent does. */
  readonly channel: Channel
  /** Of a host that is a thread. */
  readonly threadId?: number
  /** Told once the host is one. */
  readonly onJoined: (system: ActorSystem) => void
}

export function bootHost({ channel, threadId, onJoined }: Booting): void {
  const loader = new ModuleLoader()
  registerProxies()
  processRecord().load = (url, name) => loader.load(url, name)
  let exitCode = 0
  const neighbour = new Neighbour(channel, msgpackCodec(), {
    onHello: (hello) => join(hello),
    onClose: (error) => {
      if (error !== undefined) console.error(`Troupe: this process ends: ${error.message}`)
      process.exit(error === undefined ? exitCode : 1)
    },
  })

  function join(hello: Hello): void {
    neighbour.greet({ host: hello.you, you: hello.host, system: hello.system, pid: process.pid })
    const system = new ActorSystem({
      name: hello.system,
      clock: systemClock(),
      askTimeout: undefined,
      host: hello.you,
      up: { neighbour, host: hello.host },
      pid: process.pid,
      threadId,
      loader,
      onEnding: (reason) => end(reason),
    })
    lastWordsOf(system)
    processRecord().sent = () => {
      system.flush()
      return neighbour.queue.free
    }
    onJoined(system)

    /** Sends what is left in peace; the parent then closes, and `onClose` exits. */
    function end(reason: Reason): void {
      exitCode = reason.type === 'normal' || reason.type === 'shutdown' ? 0 : 1
      setImmediate(() => {
        system.flush()
        neighbour.queue.close()
      })
    }
  }
}
