/** The actor that keeps a queue: it tells the line what its holders say, and the holders what the line decides. */
import type { ActorRef, Context, RefBase } from '@troupe/core'
import { type Behaviour, defineKeeper, Detached } from '@troupe/core/internal'
import { DISCARDED } from './near-queue.js'
import { Line, type OnConsumerCrash } from './line.js'
import { Outgoing } from './outgoing.js'

export interface QueueSettings {
  readonly capacity: number
  readonly onConsumerCrash: OnConsumerCrash
}

/** What the near ends of a queue tell its broker; `from` is their number. */
export interface Taken {
  readonly from: number
  /** Items that are wanted beyond those that were; fewer when negative. */
  readonly want: number
  readonly done: readonly number[]
  /** Items that nobody there wanted any more. */
  readonly back: readonly number[]
}

interface State {
  readonly line: Line
  readonly ends: Map<number, Outgoing>
  readonly byRef: Map<string, number>
  whenDone: { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } | undefined
}

export function queueBroker({ capacity, onConsumerCrash }: QueueSettings): Behaviour {
  return defineKeeper({
    init(_: unknown, ctx: Context): State {
      const ends = new Map<number, Outgoing>()
      const line = new Line(capacity, onConsumerCrash, {
        item: (holder, ticket, value) => ends.get(holder)?.send('item', { ticket, value }),
        slots: (holder, count) => ends.get(holder)?.send('slots', count),
        recall: (holder) => ends.get(holder)?.send('recall', undefined),
        over: () => ctx.exit(),
        done: () => {
          state.whenDone?.resolve()
          state.whenDone = undefined
        },
      })
      const state: State = { line, ends, byRef: new Map(), whenDone: undefined }
      return state
    },
    on: {
      attach({ line, ends, byRef }: State, { from, ref }: { from: number; ref: ActorRef<any> }, ctx: Context): void {
        ends.set(from, new Outgoing(ref, (ticket) => line.finish(from, ticket)))
        byRef.set(ref.id, from)
        line.enter(from)
        ctx.watch(ref)
        if (line.phase !== 'open') ends.get(from)?.send('closing', undefined)
      },
      put({ line }: State, { from, value }: { from: number; value: unknown }): void {
        line.put(from, value)
      },
      need({ line }: State, { from, count, eager }: { from: number; count: number; eager: boolean }): void {
        line.need(from, count, eager)
      },
      giveBack({ line }: State, { from, count }: { from: number; count: number }): void {
        line.giveBack(from, count)
      },
      take({ line }: State, { from, want, done, back }: Taken): void {
        for (const ticket of done) line.finish(from, ticket)
        for (const ticket of back) line.handBack(from, ticket, true)
        if (want !== 0) line.want(from, want)
      },
      nack({ line }: State, { from, ticket }: { from: number; ticket: number }): void {
        line.handBack(from, ticket, false)
      },
      getNow({ line }: State, from: number): unknown {
        return line.takeNow(from)
      },
      putNow({ line }: State, value: unknown): unknown {
        return new Detached(
          new Promise((resolve) => line.putNow(value, (put) => resolve(put || line.phase === 'open' ? put : 'closed'))),
        )
      },
      size: ({ line }: State): number => line.size,
      full: ({ line }: State): boolean => line.full,
      join(state: State): unknown {
        if (state.line.unfinished === 0) return undefined
        return new Detached((state.whenDone ??= deferred()).promise)
      },
      close(state: State, discard: boolean): void {
        for (const end of state.ends.values()) end.send(discard ? 'discarded' : 'closing', undefined)
        if (!discard) return state.line.close()
        state.whenDone?.reject(new Error(DISCARDED))
        state.whenDone = undefined
        state.line.discard()
      },
    },
    onDown({ line, ends, byRef }: State, { ref }: { ref: RefBase }): void {
      const from = byRef.get(ref.id)
      if (from === undefined) return
      byRef.delete(ref.id)
      ends.delete(from)
      line.leave(from)
    },
    endChildren: () => Promise.resolve(),
  })
}

function deferred(): NonNullable<State['whenDone']> {
  let resolve = (): void => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<void>((done, failed) => {
    resolve = done
    reject = failed
  })
  return { promise, resolve, reject }
}
