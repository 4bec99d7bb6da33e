/** One worker for one holder, for as long as he needs it. */
import { AbortError, type WaitOptions } from '@troupe/core'
import { expectFunction, expectOptions } from '@troupe/core/internal'
import type { AnyFunction, RemoteFunction } from '@troupe/transport-node'
import { type ApplyOptions, checkTaskOptions } from '../call/options.js'
import type { ArgsOf, Chosen, ResultOf } from '../call/signatures.js'
import { Claim, type Lease } from '../schedule/lease.js'
import type { WorkerSlot } from '../schedule/worker-slot.js'
import type { Staff } from './staff.js'
import { startCall, takenOf } from './start-call.js'

/** A worker that was checked out. It works for its holder alone, one task after the other. */
export interface Checkout {
  /** Its place in the pool, as in `stats()` and events. */
  readonly id: string
  readonly pid: number | undefined
  /**
   * As `apply` of the pool, in this worker. Rejects with WorkerCrashedError also when the worker has died before: what it
   * knew is gone, and another one does not take its place here, so `retries` are refused. Rejects with an AbortError after
   * the checkout.
   */
  apply<F extends AnyFunction, const A extends ArgsOf<F>>(
    task: RemoteFunction<F>,
    args: Chosen<F, A>,
    options?: ApplyOptions,
  ): Promise<ResultOf<F, A>>
}

/** Waits for a worker, and gives it back when `use` has settled, with what it had left undone taken back. */
export async function checkOut<R>(
  staff: Staff,
  use: (worker: Checkout) => R | PromiseLike<R>,
  options: WaitOptions,
): Promise<R> {
  expectOptions('checkout options', options, ['timeout', 'signal'])
  expectFunction('use', use)
  const lease = await claimed(staff, options)
  const back = new AbortError({ what: 'What a worker was given that has been given back' })
  try {
    // The pool may have ended meanwhile, or the worker.
    if (lease.over !== undefined) throw lease.over
    return await staff.waits.bounded(
      () => 'the use of a checked out worker',
      unlessOver(lease, () => use(worker(staff, lease))),
    )
  } finally {
    staff.scheduler.release(lease, back)
  }
}

async function claimed(staff: Staff, options: WaitOptions): Promise<Lease<WorkerSlot>> {
  let claim: Claim<WorkerSlot> | undefined
  const granted = new Promise<Lease<WorkerSlot>>((resolve, reject) => {
    claim = new Claim({}, resolve, reject)
  })
  staff.scheduler.submit(claim as Claim<WorkerSlot>)
  try {
    return await staff.waits.bounded(() => 'checkout() of a worker', granted, options)
  } catch (error) {
    staff.scheduler.cancel(claim as Claim<WorkerSlot>, error)
    // It may have come at that very moment.
    granted.then(
      (lease) => staff.scheduler.release(lease, error as Error),
      () => undefined,
    )
    throw error
  }
}

/** The end of the pool ends it, whatever its holder still waits for. */
function unlessOver<R>(lease: Lease<WorkerSlot>, use: () => R | PromiseLike<R>): Promise<R> {
  return new Promise<R>((resolve, reject) => {
    lease.onPoolEnd = reject
    Promise.resolve(use()).then(resolve, reject)
  })
}

function worker(staff: Staff, lease: Lease<WorkerSlot>): Checkout {
  return {
    id: lease.slot.id,
    pid: lease.pid,
    async apply(task: unknown, args: readonly unknown[], options: ApplyOptions = {}): Promise<any> {
      checkTaskOptions('apply options', options, ['transfer'])
      if ((options.retries ?? 0) > 0)
        throw new TypeError('`retries` and a checked out worker do not go together: no other takes its place')
      if (lease.over !== undefined) throw lease.over
      const { name, taken } = takenOf(task, args, options)
      return startCall(staff, name, taken, options, (work) => staff.scheduler.submit(work, lease.line)).promise
    },
  }
}
