/**
 * The actor that runs in each worker: loads what it is told to by module and export, calls it, and answers. It decides
 * nothing; which task comes when, and what a crash means, is the pool's business.
 */
import type { ActorDefinition, ActorRef, Context, Refusal } from '@troupe/core'
import { defineActor, handOver, isThenable, processRecord, refuse, salvageable } from '@troupe/core/lean'
import type { TaskContext } from '../task.js'

export interface WorkerInput {
  readonly id: string
  /** Takes what a chunk has done so far, so that a crash loses little, and the progress of tasks. */
  readonly pool: ActorRef<Listener>
  readonly initializer: { readonly url: string; readonly export: string; readonly args: readonly unknown[] } | undefined
  readonly finalizer: { readonly url: string; readonly export: string } | undefined
}

/** Who hears of tasks that are at work. */
export interface Listener {
  report(report: Report): void
  progress(progress: Progress): void
  /** The one with that ticket begins. */
  begun(ticket: number): void
}

/** What every request says of the run. */
interface Run {
  readonly url: string
  readonly export: string
  readonly attempt: number
  /** Told in reports and progress, so that the pool knows whose they are. */
  readonly ticket: number
  /** Whether anybody wants to know of its progress. */
  readonly progress: boolean
  /** Whether the pool wants to know that it has begun. */
  readonly word: boolean
}

export interface RunRequest extends Run {
  readonly args: readonly unknown[]
}

export interface ChunkRequest extends Run {
  /** Of one call each: its argument, or with `spread` the list of its arguments. */
  readonly items: readonly unknown[]
  readonly spread: boolean
}

/** Results from position `from` on; `errors` holds position and error of those that threw. */
export interface ChunkReply {
  readonly from: number
  readonly values: readonly unknown[]
  readonly errors: readonly (readonly [index: number, error: unknown])[]
}

/** Results of a chunk that is still at work. */
export interface Report extends ChunkReply {
  readonly ticket: number
}

/** What the task at `index` of a piece of work says of itself. */
export interface Progress {
  readonly ticket: number
  readonly index: number
  readonly value: unknown
}

export interface WorkerProtocol {
  run(request: RunRequest): unknown
  chunk(request: ChunkRequest): ChunkReply
  /** The items of a generator task. */
  stream(request: RunRequest): AsyncIterable<unknown>
}

/** How long results of a long chunk are kept back at most, in milliseconds. */
const REPORT_EVERY = 50

interface State {
  readonly input: WorkerInput
  /** What the initializer returned. */
  readonly own: unknown
}

export const worker: ActorDefinition<WorkerInput, WorkerProtocol> = defineActor.for<WorkerProtocol>()({
  init: async (input: WorkerInput): Promise<State> => {
    const { initializer } = input
    if (initializer === undefined) return { input, own: undefined }
    const initialize = await load(initializer)
    return { input, own: await initialize(...initializer.args) }
  },
  on: {
    async run(state: State, request: RunRequest, ctx: Context): Promise<unknown> {
      try {
        await begin(state, request)
        const run = await load(request)
        return await within({ state, request, ctx }, () => run(...request.args))
      } catch (error) {
        return refuse(error)
      }
    },
    async chunk(state: State, request: ChunkRequest, ctx: Context): Promise<ChunkReply | Refusal> {
      try {
        await begin(state, request)
        const run = await load(request)
        const place: Place = { state, request, ctx, index: 0 }
        return (await within(place, () => runEach(run, request, place))) as ChunkReply
      } catch (error) {
        return refuse(error)
      }
    },
    async *stream(state: State, request: RunRequest, ctx: Context): AsyncGenerator<unknown, Refusal | undefined> {
      const leave = enter({ state, request, ctx })
      try {
        await begin(state, request)
        const run = await load(request)
        yield* itemsOf(await run(...request.args), request)
        return undefined
      } catch (error) {
        return refuse(error)
      } finally {
        leave()
      }
    },
  },
  async onStop({ input: { finalizer }, own }: State): Promise<void> {
    if (finalizer === undefined) return
    const finalize = await load(finalizer)
    await finalize(own)
  },
})

/** A task that runs now. */
interface Place {
  readonly state: State
  readonly request: Run
  readonly ctx: Context
  /** Which item of a chunk it is. */
  index?: number
}

/**
 * All answers so far have left this process, and the word that this one begins: when it dies now, the pool sees that what it
 * had before is done, and that what it was handed ahead has not begun.
 */
async function begin({ input: { pool } }: State, { word, ticket }: Run): Promise<void> {
  while (word && !pool.tell('begun', ticket)) await turn()
  const { sent } = processRecord()
  while (sent !== undefined && !sent()) await turn()
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** One after the other; what one throws does not keep the others from running. */
async function runEach(run: Runnable, request: ChunkRequest, place: Place): Promise<ChunkReply> {
  const { state, ctx } = place
  let values: unknown[] = []
  let errors: (readonly [number, unknown])[] = []
  let from = 0
  let reported = Date.now()
  for (const [index, item] of request.items.entries()) {
    place.index = index
    try {
      const result = request.spread ? run(...(item as readonly unknown[])) : run(item)
      values.push(isThenable(result) ? await result : result)
    } catch (error) {
      values.push(undefined)
      errors.push([index, error])
    }
    if (index + 1 === request.items.length || Date.now() - reported < REPORT_EVERY) continue
    if (ctx.signal.aborted) throw ctx.signal.reason
    reported = Date.now()
    if (!reportTo(state.input.pool, { ticket: request.ticket, from, values, errors })) continue
    values = []
    errors = []
    from = index + 1
  }
  return salvageable<ChunkReply>({ from, values, errors }, (problem) => withoutBad({ from, values, errors }, problem))
}

/** False when it could not be told: then the answer tells it. */
function reportTo(pool: WorkerInput['pool'], report: Report): boolean {
  try {
    return pool.tell('report', report)
  } catch {
    return false
  }
}

/** A result that is no data fails alone. */
function withoutBad({ from, values, errors }: ChunkReply, problem: (part: unknown) => Error | undefined): ChunkReply {
  const bad = values.map((value, offset) => [from + offset, problem(value)] as const)
  const refused = bad.filter((each): each is readonly [number, Error] => each[1] !== undefined)
  return {
    from,
    values: values.map((value, offset) => (bad[offset]?.[1] === undefined ? value : undefined)),
    errors: [...errors, ...refused],
  }
}

type Runnable = (...args: readonly unknown[]) => unknown

async function load(name: { url: string; export: string }): Promise<Runnable> {
  const loaded = await processRecord().load?.(name.url, name.export)
  if (typeof loaded === 'function') return loaded as Runnable
  throw new TypeError(`The export '${name.export}' of ${name.url} is no function, but ${typeof loaded}`)
}

function itemsOf(result: unknown, name: { url: string; export: string }): AsyncIterable<unknown> | Iterable<unknown> {
  const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = Object(result) as Partial<
    AsyncIterable<unknown> & Iterable<unknown>
  >
  if (typeof later === 'function' || typeof now === 'function') return result as AsyncIterable<unknown>
  throw new TypeError(`'${name.export}' of ${name.url} gives ${typeof result}, which is no stream: use apply`)
}

async function within(place: Place, run: () => unknown): Promise<unknown> {
  const buffers: ArrayBuffer[] = []
  const leave = enter(place, buffers)
  try {
    const result = await run()
    return buffers.length === 0 ? result : handOver(result, buffers)
  } finally {
    leave()
  }
}

/** `task()` tells of this task until the function returned is called; `buffers` takes what it hands over, if it may. */
function enter(place: Place, buffers?: ArrayBuffer[]): () => void {
  const record = processRecord()
  const { state, request, ctx } = place
  const current: TaskContext = {
    get signal(): AbortSignal {
      return ctx.signal
    },
    workerId: state.input.id,
    attempt: request.attempt,
    state: state.own,
    progress: (value) => {
      const { index = 0 } = place
      return request.progress && state.input.pool.tell('progress', { ticket: request.ticket, index, value })
    },
    transfer: (given) => {
      if (buffers === undefined) throw new TypeError('A generator task hands no memory over: its items are copied')
      if (!given.every(isBuffer)) throw new TypeError('Expected `transfer` to be given ArrayBuffers')
      for (const buffer of given) if (!buffers.includes(buffer)) buffers.push(buffer)
    },
  }
  record.task = current
  return () => {
    if (record.task === current) record.task = undefined
  }
}

const isBuffer = (value: unknown): boolean => Object.prototype.toString.call(value) === '[object ArrayBuffer]'
