/** One call on its way into a line of the scheduler. */
import { isStream, transferOf, withMoved } from '@troupe/core/internal'
import { snapshot, snapshotOfEach } from '@troupe/transport-node/internal'
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

/** What is sent of them, as it is now. @throws SerializationError for what cannot travel. */
export const snapshotOf = (args: Args): Args => snapshotOfEach(args, 'What the task is given', 'args')

/** As `snapshotOf`, of the only argument. */
export const snapshotOfItem = (item: unknown): unknown => snapshot(item, 'What the task is given', 'args[0]')
