/** What a worker can be given: one call, or a chunk of calls. Each knows whom to tell of its outcome. */
import { fromWireError, holdsStream, type Inflow, isErrorLike, toWireError } from '@troupe/core/internal'
import type { ChunkReply, ChunkRequest, RunRequest } from '../worker/worker.js'
import { labelOf, type TaskName } from './name.js'
import type { ApplyOptions, TaskOptions } from './options.js'

export interface Work {
  readonly name: TaskName
  readonly label: string
  readonly options: ApplyOptions
  /** Tasks in it. */
  readonly units: number
  /** Higher goes first. */
  readonly priority: number
  /** Of two with one priority the lower goes first; set when it is submitted. */
  order: number
  /** Workers that have died of it, or with it. */
  crashes: number
  /** Workers that have died before they began it. */
  returns: number
  /** Every outcome has been told. */
  readonly complete: boolean
  /** Where its items go, for a generator task. */
  readonly flow?: Inflow
  /**
   * False once something of it has been given out that a second run would give again, and when it is given a stream: what
   * was taken of that is gone.
   */
  readonly repeatable: boolean
  /** What to ask a worker for; `word`: it is to say when it begins. */
  request(ticket: number, word?: boolean): Request
  /** Results: the answer, or of a chunk a part of it. */
  done(reply: unknown): void
  failed(error: unknown): void
  /** What the task at `index` in it says of itself meanwhile. */
  progress(index: number, value: unknown): void
  /** What to run again when its worker died: in pieces, so that the one at fault stands alone. */
  pieces(): Work[]
  /** The pieces that it has become. */
  readonly parts?: readonly Work[]
}

export type Request =
  | { readonly message: 'run' | 'stream'; readonly arg: RunRequest }
  | { readonly message: 'chunk'; readonly arg: ChunkRequest }

/** Where the outcome of one item goes. */
export interface Sink {
  value(index: number, value: unknown): void
  error(index: number, error: unknown): void
}

export class Call implements Work {
  readonly name: TaskName
  readonly options: ApplyOptions
  readonly units = 1
  order = 0
  crashes = 0
  returns = 0
  readonly #args: readonly unknown[]
  readonly #sink: Sink
  #complete = false

  constructor(name: TaskName, args: readonly unknown[], options: ApplyOptions, sink: Sink) {
    this.name = name
    this.options = options
    this.#args = args
    this.#sink = sink
  }

  get label(): string {
    return labelOf(this.name)
  }

  get complete(): boolean {
    return this.#complete
  }

  get priority(): number {
    return this.options.priority ?? 0
  }

  get repeatable(): boolean {
    return !holdsStream(this.#args)
  }

  request(ticket: number, word = false): Request {
    return { message: 'run', arg: runOf(this, this.#args, ticket, word) }
  }

  done(reply: unknown): void {
    if (this.#complete) return
    this.#complete = true
    this.#sink.value(0, reply)
  }

  failed(error: unknown): void {
    if (this.#complete) return
    this.#complete = true
    this.#sink.error(0, error)
  }

  progress(_: number, value: unknown): void {
    this.options.onProgress?.(value, 0)
  }

  pieces(): Work[] {
    return this.#complete ? [] : [this]
  }
}

/** A generator task. It runs again only as long as nobody has seen an item of it. */
export class StreamCall implements Work {
  readonly name: TaskName
  readonly options: ApplyOptions
  readonly flow: Inflow
  readonly units = 1
  order = 0
  crashes = 0
  returns = 0
  readonly #args: readonly unknown[]

  constructor(name: TaskName, args: readonly unknown[], options: ApplyOptions, flow: Inflow) {
    this.name = name
    this.options = options
    this.flow = flow
    this.#args = args
  }

  get label(): string {
    return labelOf(this.name)
  }

  get complete(): boolean {
    return this.flow.settled
  }

  get priority(): number {
    return this.options.priority ?? 0
  }

  get repeatable(): boolean {
    return !this.flow.began && !this.flow.abandoned && !holdsStream(this.#args)
  }

  request(ticket: number, word = false): Request {
    return { message: 'stream', arg: runOf(this, this.#args, ticket, word) }
  }

  done(): void {
    this.flow.resolve()
  }

  failed(error: unknown): void {
    this.flow.reject(error)
  }

  progress(_: number, value: unknown): void {
    this.options.onProgress?.(value, 0)
  }

  pieces(): Work[] {
    return this.complete ? [] : [this]
  }
}

export class Chunk implements Work {
  readonly name: TaskName
  readonly options: TaskOptions
  order = 0
  crashes = 0
  returns = 0
  parts: readonly Work[] = []
  readonly #items: readonly unknown[]
  readonly #spread: boolean
  readonly #start: number
  readonly #sink: Sink
  readonly #settled: boolean[]
  #left: number

  /** `start` is the position of its first item in the whole; with `spread` each item is the list of its arguments. */
  constructor(
    name: TaskName,
    items: readonly unknown[],
    options: TaskOptions,
    { start, sink, spread = false }: { readonly start: number; readonly sink: Sink; readonly spread?: boolean },
  ) {
    this.name = name
    this.options = options
    this.#items = items
    this.#spread = spread
    this.#left = items.length
    this.#start = start
    this.#sink = sink
    this.#settled = new Array<boolean>(items.length).fill(false)
  }

  get label(): string {
    return labelOf(this.name)
  }

  get units(): number {
    return this.#items.length
  }

  get priority(): number {
    return this.options.priority ?? 0
  }

  get complete(): boolean {
    return this.#left === 0
  }

  get repeatable(): boolean {
    return !holdsStream(this.#items)
  }

  request(ticket: number, word = false): { message: 'chunk'; arg: ChunkRequest } {
    const { name, crashes, options } = this
    const progress = options.onProgress !== undefined
    const [items, spread, attempt] = [this.#items, this.#spread, crashes + 1]
    return {
      message: 'chunk',
      arg: { url: name.url, export: name.export, items, spread, attempt, ticket, progress, word },
    }
  }

  done(reply: unknown): void {
    const { from, values, errors } = reply as ChunkReply
    // As one that comes alone: what was thrown and is no error is the cause of one.
    for (const [index, error] of errors)
      this.#error(index, isErrorLike(error) ? error : fromWireError(toWireError(error)))
    values.forEach((value, offset) => this.#value(from + offset, value))
  }

  failed(error: unknown): void {
    for (const index of this.#items.keys()) this.#error(index, error)
  }

  progress(index: number, value: unknown): void {
    this.options.onProgress?.(value, this.#start + index)
  }

  pieces(): Work[] {
    if (this.#items.length === 1) return this.complete ? [] : [this]
    const rest = [...this.#items.entries()].filter(([index]) => this.#settled[index] === false)
    // It tells of them: it is complete when they are.
    const sink: Sink = {
      value: (index, value) => this.#value(index - this.#start, value),
      error: (index, error) => this.#error(index - this.#start, error),
    }
    const pieces = rest.map(([index, item]) => {
      const at = { start: this.#start + index, sink, spread: this.#spread }
      const piece = new Chunk(this.name, [item], this.options, at)
      piece.crashes = this.crashes
      return piece
    })
    this.parts = pieces
    return pieces
  }

  #value(index: number, value: unknown): void {
    if (this.#settled[index] !== false) return
    this.#settled[index] = true
    this.#left -= 1
    this.#sink.value(this.#start + index, value)
  }

  #error(index: number, error: unknown): void {
    if (this.#settled[index] !== false) return
    this.#settled[index] = true
    this.#left -= 1
    this.#sink.error(this.#start + index, error)
  }
}

/** On the path of every call: written out, since spreads cost more than all the rest of it. */
function runOf({ name, crashes, options }: Work, args: readonly unknown[], ticket: number, word: boolean): RunRequest {
  const progress = options.onProgress !== undefined
  return { url: name.url, export: name.export, args, attempt: crashes + 1, ticket, progress, word }
}
