/**
 * The first code of a child process. Greets the parent over two pipes, becomes a host of its system, and ends when the
 * channel does. Bundled into one file; it loads neither xstate nor rxjs.
 */
import { Socket } from 'node:net'
import type { Reason } from '@troupe/core'
import { ActorSystem, type Hello, Neighbour, processRecord, systemClock } from '@troupe/core/internal'
import { PipeChannel } from '../channel/pipe.js'
import { msgpackCodec } from '../codec/msgpack.js'
import { ModuleLoader } from '../module/load.js'
import { flushAtExit, lastWordsOf } from './last-words.js'

/** As host/process-host.ts numbers them. */
const CHILD_READS = 3
const CHILD_WRITES = 4

boot()

function boot(): void {
  // The parent decides what an interrupt at the terminal means.
  process.on('SIGINT', () => undefined)
  const loader = new ModuleLoader()
  processRecord().load = (url, name) => loader.load(url, name)
  let exitCode = 0
  const neighbour = new Neighbour(openPipes(), msgpackCodec(), {
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
      loader,
      onSoleEnded: (reason) => end(reason),
    })
    flushAtExit(system)
    lastWordsOf(system)

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

function openPipes(): PipeChannel {
  return new PipeChannel(
    new Socket({ fd: CHILD_READS, readable: true, writable: false }),
    new Socket({ fd: CHILD_WRITES, readable: false, writable: true }),
  )
}
