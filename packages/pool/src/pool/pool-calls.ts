/** The calls of a pool, whichever life of it takes them. */
import { type WaitOptions } from '@troupe/core'
import { expectOptions, Inflow } from '@troupe/core/internal'
import { type AsyncResult, type Callbacks, PendingResult } from '../call/async-result.js'
import { Imap, type ImapIterator, type Puller } from '../call/imap.js'
import { MapResults } from '../call/map-results.js'
import { labelOf, taskName } from '../call/name.js'
import {
  type ApplyOptions,
  checkTaskOptions,
  type ImapOptions,
  type MapOptions,
  type StreamTaskOptions,
} from '../call/options.js'
import { checkSource, isAsync, type Source } from '../call/source.js'
import { Call, type Sink, StreamCall, type Work } from '../call/work.js'
import { checkOut, type Checkout } from './checkout.js'
import { RunningMap } from './running-map.js'
import type { Staff } from './staff.js'
import { snapshotOf, snapshotOfItem, startCall, takenOf, type UnderWay } from './start-call.js'

type Args = readonly unknown[]

export abstract class PoolCalls {
  /** Who takes calls now. Throws when nobody does. */
  protected abstract get staff(): Staff

  async apply(task: unknown, args: Args, options: ApplyOptions = {}): Promise<any> {
    checkTaskOptions('apply options', options, ['transfer'])
    return this.#call(task, args, options).promise
  }

  applyAsync(task: unknown, args: Args, options: ApplyOptions & Callbacks<any> = {}): AsyncResult<any> {
    checkTaskOptions('applyAsync options', options, ['callback', 'errorCallback', 'transfer'])
    const { callback, errorCallback, ...rest } = options
    return this.#result(this.#call(task, args, rest), { callback, errorCallback })
  }

  async map(task: unknown, source: Source<unknown>, options: MapOptions = {}): Promise<any> {
    checkTaskOptions('map options', options, ['chunkSize', 'onError'])
    return this.#map('map', task, source, options).promise
  }

  mapAsync(task: unknown, source: Source<unknown>, options: MapOptions & Callbacks<any> = {}): AsyncResult<any> {
    checkTaskOptions('mapAsync options', options, ['chunkSize', 'onError', 'callback', 'errorCallback'])
    const { callback, errorCallback, ...rest } = options
    return this.#result(this.#map('map', task, source, rest), { callback, errorCallback })
  }

  async starmap(task: unknown, source: Source<unknown>, options: MapOptions = {}): Promise<any> {
    checkTaskOptions('starmap options', options, ['chunkSize', 'onError'])
    return this.#map('starmap', task, source, options).promise
  }

  starmapAsync(task: unknown, source: Source<unknown>, options: MapOptions & Callbacks<any> = {}): AsyncResult<any> {
    checkTaskOptions('starmapAsync options', options, ['chunkSize', 'onError', 'callback', 'errorCallback'])
    const { callback, errorCallback, ...rest } = options
    return this.#result(this.#map('starmap', task, source, rest), { callback, errorCallback })
  }

  imap(task: unknown, source: Source<unknown>, options: ImapOptions = {}): ImapIterator<any> {
    return this.#imap('imap', task, source, options)
  }

  imapUnordered(task: unknown, source: Source<unknown>, options: ImapOptions = {}): ImapIterator<any> {
    return this.#imap('imapUnordered', task, source, options)
  }

  stream(task: unknown, args: Args, options: StreamTaskOptions = {}): AsyncIterableIterator<any> {
    checkTaskOptions('stream options', options, ['window', 'windowBytes', 'transfer'])
    const { window, windowBytes, ...rest } = options
    const { name, taken } = takenOf(task, args, rest)
    const staff = this.#open
    const flow = new Inflow(staff.waits, () => `the stream of ${labelOf(name)}`, { window, windowBytes })
    const work = new StreamCall(name, taken, rest, flow)
    flow.onAbandon = (_, reason) => staff.scheduler.leave(work, reason)
    staff.scheduler.submit(work)
    return flow
  }

  async broadcast(task: unknown, args: Args, options: WaitOptions = {}): Promise<any[]> {
    expectOptions('broadcast options', options, ['timeout', 'signal'])
    const { name, taken } = takenOf(task, args, {})
    const { scheduler, waits } = this.#open
    scheduler.crew.want(scheduler.crew.bounds.min)
    const slots = [...scheduler.crew.slots].filter(({ leaving }) => leaving !== 'remove')
    const works: Work[] = []
    const results = new Promise<unknown[]>((resolve, reject) => {
      const sink = new MapResults(slots.length, 'all', { resolve, reject })
      for (const [index, { line }] of slots.entries()) {
        // Before all that waits: what comes after the call finds it done.
        const work = new Call(name, taken, { priority: Infinity }, at(index, sink))
        works.push(work)
        scheduler.submit(work, line)
      }
    })
    return waits
      .bounded(() => `broadcast of ${labelOf(name)}`, results, options)
      .catch((error: unknown) => {
        for (const work of works) scheduler.cancel(work, error)
        throw error
      })
  }

  async checkout<R>(use: (worker: Checkout) => R | PromiseLike<R>, options: WaitOptions = {}): Promise<R> {
    return checkOut(this.#open, use, options)
  }

  // --------------------------------------------------------------------------------------------------------------

  /** Who takes one more call. */
  get #open(): Staff {
    const { staff } = this
    staff.mustBeOpen()
    staff.mustHaveRoom()
    return staff
  }

  #call(task: unknown, args: Args, options: ApplyOptions): UnderWay {
    const { name, taken } = takenOf(task, args, options)
    const staff = this.#open
    return startCall(staff, name, taken, options, (work) => staff.scheduler.submit(work))
  }

  #map(kind: 'map' | 'starmap', task: unknown, source: Source<unknown>, options: MapOptions): UnderWay {
    checkSource(source)
    const name = taskName(task)
    const staff = this.#open
    const spread = kind === 'starmap'
    const take = (items: unknown[]): unknown[] =>
      items.map((item) => (spread ? snapshotOf(argumentsOf(item)) : snapshotOfItem(item)))
    const label = `${kind} of ${labelOf(name)}`
    const map = new RunningMap(staff, name, options)
    // What is wrong with an item is known at the call, unless the items come later.
    if (isAsync(source)) void this.#gather(source, map, options, (items) => map.run(take(items), spread))
    else map.run(take([...(source as Iterable<unknown>)]), spread)
    const promise = staff.waits.bounded(() => label, map.outcome)
    return { promise, label, cancel: (reason) => map.cancel(reason) }
  }

  /** Its items, which come later. What ends the map meanwhile ends it at once, and closes the source with the next item. */
  async #gather(
    source: AsyncIterable<unknown>,
    map: RunningMap,
    { signal }: MapOptions,
    then: (items: unknown[]) => void,
  ): Promise<void> {
    const { staff } = this
    const puller: Puller = {
      get pending() {
        return !map.settled
      },
      drain: () => undefined,
      poolOver: (error) => void map.cancel(error),
    }
    staff.pulling(puller)
    let end: (() => void) | undefined
    try {
      end = staff.waits.limit(
        () => 'map',
        { signal },
        (reason) => map.cancel(reason),
      )
      const items: unknown[] = []
      for await (const item of source) {
        if (map.settled) break
        items.push(item)
      }
      if (!map.settled) then(items)
    } catch (error) {
      map.cancel(error)
    } finally {
      end?.()
      staff.pulledAll(puller)
    }
  }

  #imap(what: string, task: unknown, source: Source<unknown>, options: ImapOptions): ImapIterator<any> {
    checkTaskOptions(`${what} options`, options, ['chunkSize', 'window'])
    checkSource(source)
    const name = taskName(task)
    const staff = this.#open
    const { scheduler, waits } = staff
    const pool = {
      waits,
      submit: (work: Work) => scheduler.submit(work),
      cancel: (work: Work, reason: unknown) => scheduler.cancel(work, reason),
      snapshot: snapshotOfItem,
      pace: () => scheduler.pace.of(name),
      pulling: (puller: Puller) => staff.pulling(puller),
      pulledAll: (puller: Puller) => staff.pulledAll(puller),
    }
    const workers = scheduler.crew.bounds.max
    return new Imap<any>(pool, { name, source, options, workers, ordered: what === 'imap' })
  }

  #result({ promise, label, cancel }: UnderWay, { callback, errorCallback }: Callbacks<any>): AsyncResult<any> {
    const { staff } = this
    const result = new PendingResult(promise, { waits: staff.waits, label, cancel })
    if (callback !== undefined)
      promise.then(
        // oxlint-disable-next-line promise/no-callback-in-promise -- Python's callbacks are what this is about
        (value) => staff.callBack(callback, value),
        () => undefined,
      )
    if (errorCallback !== undefined) result.then(undefined, (error) => staff.callBack(errorCallback, error))
    return result
  }
}

function argumentsOf(item: unknown): Args {
  if (Array.isArray(item)) return item
  throw new TypeError(`Expected each item of a starmap to be the list of its arguments, got ${typeof item}`)
}

/** One result of several. */
const at = (index: number, sink: Sink): Sink => ({
  value: (_, value) => sink.value(index, value),
  error: (_, error) => sink.error(index, error),
})
