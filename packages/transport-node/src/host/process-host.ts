/** A child process as a host: spawns it, feeds its life with what happens, and does what the life says. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Channel, Clock, Codec, HostEnd, Launch, LaunchContext } from '@troupe/core'
import { PipeChannel } from '../channel/pipe.js'
import { msgpackCodec } from '../codec/msgpack.js'
import { type Life, startLife } from './life.js'
import { measureLater, type MemoryReader } from './memory.js'
import { type Stdio, takeOutput } from './output.js'
import { reap } from './reaper.js'

/** The child reads there what we write, and writes there what we read; see boot/process.ts. */
export const CHILD_READS = 3
export const CHILD_WRITES = 4

export interface ProcessOptions {
  readonly execArgv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string | undefined
  readonly stdio: Stdio
  /** MiB, and how they are measured. */
  readonly maxRss: { readonly limit: number; readonly read: MemoryReader } | undefined
}

export class ProcessHost implements Launch {
  readonly channel: Channel
  readonly codec: Codec = msgpackCodec()
  readonly gone: Promise<HostEnd>
  readonly stdout: AsyncIterable<Uint8Array> | undefined
  readonly stderr: AsyncIterable<Uint8Array> | undefined
  readonly #child: ChildProcess
  readonly #life: Life

  constructor({ clock, label }: LaunchContext, options: ProcessOptions) {
    this.#child = spawnChild(label, options)
    reap(this.#child)
    const [reader, writer] = [this.#child.stdio[CHILD_WRITES], this.#child.stdio[CHILD_READS]] as [Socket, Socket]
    this.channel = new PipeChannel(reader, writer, () => this.#life.send({ type: 'CLOSED' }))
    const actions = { kill: () => void this.#child.kill('SIGKILL'), drop: () => this.channel.destroy() }
    const measure = () => this.#measure(options, { clock, label })
    this.#life = startLife({ ...actions, measure }, clock)
    this.gone = this.#life.gone
    this.#child.once('spawn', () => this.#life.send({ type: 'RUNNING' }))
    this.#child.once('exit', (code, signal) => this.#life.send({ type: 'EXITED', code, signal }))
    this.#child.once('error', (error) => this.#life.send({ type: 'FAILED', error }))
    // The system decides what keeps this process alive; none of these handles may.
    this.#child.unref()
    reader.unref()
    writer.unref()
    const { stdout, stderr } = takeOutput(this.#child, options.stdio, { label, clock })
    this.stdout = stdout
    this.stderr = stderr
  }

  get pid(): number | undefined {
    return this.#child.pid
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

  #measure({ maxRss }: ProcessOptions, where: { clock: Clock; label: string }): void {
    if (maxRss === undefined || this.pid === undefined) return
    measureLater({ ...maxRss, ...where }, this.pid, (error) =>
      this.#life.send(error === undefined ? { type: 'FITS' } : { type: 'OOM', error }),
    )
  }
}

/** The boot is one bundled file beside the package's other output. */
const BOOT = fileURLToPath(new URL('../boot.bundle.cjs', import.meta.url))

function spawnChild(label: string, { execArgv, env, cwd, stdio }: ProcessOptions): ChildProcess {
  const output = stdio === 'inherit' ? 'inherit' : 'pipe'
  const read = stdio === 'inherit' ? [] : ['read']
  const child = spawn(process.execPath, [...execArgv, BOOT, label, ...read], {
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', output, output, 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  })
  // Without descriptors Node makes no pipes, and tells of it later.
  if ((child.stdio as unknown) === undefined) {
    child.on('error', () => undefined)
    throw Object.assign(new Error(NO_DESCRIPTORS), { code: 'EMFILE' })
  }
  return child
}

const NO_DESCRIPTORS =
  'A process cannot be started: this one has no file descriptor left. Raise the limit (ulimit -n), or start fewer: each takes 2'
