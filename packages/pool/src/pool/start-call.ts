/** One call on its way into a line of the scheduler. */
import { classed, isStream, transferOf, withMoved } from '@troupe/core/internal'
import { snapshot } from '@troupe/transport-node/internal'
import { type TaskName, taskName } from '../call/name.js'
import type { ApplyOptions } from '../call/options.js'
import { Call, type Sink, type Work } from '../call/work.js'
import type { Staff } from './staff.js'

type Args = readonly unknown[]

/** A call that is under way. */
export interface UnderWay {
  readonly promise: Promise<any>
  readonly label: string
  /** Takes back what of it has not settled; false when there is nothing. */
  readonly cancel: (reason: unknown) => boolean
}

/** One call, which `submit` puts into a line. */
export function startCall(
  { waits, scheduler }: Staff,
  name: TaskName,
  args: Args,
  options: ApplyOptions,
  submit: (work: Work) => void,
): UnderWay {
  let sink: Sink | undefined
  const outcome = new Promise<unknown>((resolve, reject) => {
    sink = { value: (_, value) => resolve(value), error: (_, error) => reject(error as Error) }
  })
  const work = new Call(name, args, options, sink as Sink)
  const promise = waits.bounded(() => work.label, outcome)
  submit(work)
  const cancel = (reason: unknown): boolean => {
    if (work.complete) return false
    scheduler.cancel(work, reason)
    return true
  }
  return {
    promise,
    cancel,
    get label() {
      return work.label
    },
  }
}

/** What is called, with the arguments as they are now. */
export function takenOf(task: unknown, args: Args, options: ApplyOptions): { name: TaskName; taken: Args } {
  const name = taskName(task)
  if (!Array.isArray(args))
    throw new TypeError(`Expected \`args\` to be the list of arguments, got ${typeof args}: write [${String(args)}]`)
  const again = (options.retries ?? 0) > 0
  if (again && args.some((arg) => typeof arg === 'object' && arg !== null && isStream(arg)))
    throw new TypeError('`retries` and a stream in `args` do not go together: what was taken of it is gone')
  const transfer = transferOf(options)
  if (again && transfer !== undefined)
    throw new TypeError('`retries` and `transfer` do not go together: what was handed over is gone')
  const given = transfer === undefined ? args : withMoved(args, transfer)
  return { name, taken: snapshotOf(given as Args) }
}

/** Plain values cannot change; all else is copied now, which also finds what cannot travel. */
export function snapshotOf(args: Args): Args {
  return args.every(isPlain) ? args : (snapshot(args.map(classed), 'What the task is given', 'args') as Args)
}

/** As `snapshotOf`, of the only argument. */
export function snapshotOfItem(item: unknown): unknown {
  return isPlain(item) ? item : snapshot(item, 'What the task is given', 'args[0]')
}

const isPlain = (value: unknown): boolean =>
  value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')
