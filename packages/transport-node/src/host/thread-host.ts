/** A worker thread as a host: starts it, feeds its life with what happens, and does what the life says. */
import { MessageChannel, type MessagePort, type ResourceLimits, Worker, type WorkerOptions } from 'node:worker_threads'
import type { Channel, Codec, HostEnd, Launch, LaunchContext } from '@troupe/core'
import { PortChannel } from '../channel/port.js'
import { msgpackCodec } from '../codec/msgpack.js'
import { type Life, startLife } from './life.js'
import { withoutRefused } from './refused.js'

export interface ThreadOptions {
  readonly execArgv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly resourceLimits: ResourceLimits
}

/** What a thread is given at its start; see boot/thread.ts. */
export interface ThreadData {
  readonly port: MessagePort
}

export class ThreadHost implements Launch {
  readonly channel: Channel
  readonly codec: Codec = msgpackCodec()
  readonly gone: Promise<HostEnd>
  readonly pid: number = process.pid
  readonly threadId: number
  readonly #life: Life
  /** Why the thread had to end, where Node knows. */
  #error: { code?: unknown } | undefined

  constructor({ clock, label }: LaunchContext, options: ThreadOptions) {
    const { port1, port2 } = new MessageChannel()
    let worker: Worker
    try {
      worker = startThread(label, port2, options)
    } catch (error) {
      // An open port is never collected.
      port1.close()
      throw error
    }
    // Node forgets it when the thread has ended.
    this.threadId = worker.threadId
    const channel = new PortChannel(port1, {
      keepsAlive: false,
      // As with pipes: a host that sends no more has ended, and is not spoken to.
      onEnd: () => channel.close(),
      onClosed: () => this.#life.send({ type: 'CLOSED' }),
    })
    this.channel = channel
    this.#life = startLife({ kill: () => void worker.terminate(), drop: () => channel.destroy() }, clock)
    this.gone = this.#life.gone.then((end) => ({ ...end, ...endBy(this.#error) }))
    worker.once('online', () => this.#life.send({ type: 'RUNNING' }))
    worker.on('error', (error: { code?: unknown }) => {
      this.#error ??= error
    })
    worker.once('exit', (code) => this.#life.send({ type: 'EXITED', code, signal: null }))
    // The system decides what keeps this process alive; no handle of a host may.
    worker.unref()
  }

  greeted(): void {
    this.#life.send({ type: 'GREETED' })
  }

  drain(grace: number): void {
    this.#life.send({ type: 'DRAIN', grace })
  }

  kill(): void {
    this.#life.send({ type: 'KILL' })
  }
}

/** Bundlers know this form of a thread's entry: it is one file beside the package's other output. */
function startThread(label: string, port: MessagePort, { env, execArgv, resourceLimits }: ThreadOptions): Worker {
  const data: ThreadData = { port }
  return withoutRefused(execArgv, env, (execArgv, env) => {
    const options: WorkerOptions = {
      name: label,
      workerData: data,
      transferList: [port],
      execArgv: [...execArgv],
      env: env as NodeJS.ProcessEnv,
      resourceLimits,
    }
    return new Worker(new URL('../boot.thread.bundle.cjs', import.meta.url), options)
  })
}

/** An error event is no uncaught error of the user's: the boot takes those. It is Node's own, such as want of memory. */
function endBy(error: { code?: unknown } | undefined): Partial<HostEnd> {
  if (error === undefined) return {}
  return { error, ...(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? { oom: true } : {}) }
}
