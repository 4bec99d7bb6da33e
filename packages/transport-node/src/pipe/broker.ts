/**
 * The actor that keeps a pipe: two lanes, and who holds which end. It keeps what was sent until it has been received, so an
 * end may move to another process at any moment, and nothing in the pipe is lost or doubled.
 */
import type { ActorRef, Context, RefBase, Reason } from '@troupe/core'
import { type Behaviour, defineKeeper, Ring } from '@troupe/core/internal'
import { Outgoing } from '../queue/outgoing.js'

/** Messages in one direction that may be sent and not received. */
export const WINDOW = 256

/** Which of the two ends. */
export type Side = 0 | 1

/** How often that end has moved: its holder of now has the highest. */
export interface Claim {
  readonly side: Side
  readonly epoch: number
  readonly ref: ActorRef<any>
}

type Holding =
  /** Its holder has said that it gave it away, or nobody has claimed it yet. */
  | { readonly state: 'free' }
  | { readonly state: 'held'; readonly ref: ActorRef<any>; readonly out: Outgoing }
  | { readonly state: 'closed'; readonly reason: Reason | undefined }

interface End {
  epoch: number
  holding: Holding
  /** The next holder, who came before the last one had said that it left. */
  next: Claim | undefined
  /** To be told once the end has arrived where it went. */
  last: Outgoing | undefined
  /** Sent to this end and not received. */
  readonly unread: Ring<unknown>
}

type Pipe = readonly [End, End]

export function pipeBroker(): Behaviour {
  return defineKeeper({
    init: (): Pipe => [newEnd(), newEnd()],
    on: {
      claim(pipe: Pipe, claim: Claim, ctx: Context): void {
        const end = pipe[claim.side]
        if (end.holding.state === 'closed') return new Outgoing(claim.ref, ignore).send('closed', undefined)
        if (end.holding.state === 'held') end.next = claim
        else hold(pipe, claim, ctx)
      },
      data(pipe: Pipe, { side, value }: { side: Side; value: unknown }): void {
        const other = pipe[opposite(side)]
        if (other.holding.state === 'closed') return
        other.unread.push(value)
        if (other.holding.state === 'held') other.holding.out.send('item', value)
      },
      took(pipe: Pipe, { side, epoch, count }: { side: Side; epoch: number; count: number }): void {
        if (pipe[side].epoch === epoch) received(pipe, side, count)
      },
      leave(pipe: Pipe, { side, epoch, count }: { side: Side; epoch: number; count: number }, ctx: Context): void {
        const end = pipe[side]
        if (end.epoch !== epoch || end.holding.state !== 'held') return
        received(pipe, side, count)
        ctx.unwatch(end.holding.ref)
        free(pipe, side, end.holding.out, ctx)
      },
      /** The message that took it along is lost with the host that it went to. */
      lost(pipe: Pipe, { side, epoch }: { side: Side; epoch: number }, ctx: Context): void {
        if (pipe[side].epoch < epoch) close(pipe, side, { type: 'noproc' }, ctx)
      },
      close(pipe: Pipe, { side, epoch }: { side: Side; epoch: number }, ctx: Context): void {
        if (pipe[side].epoch === epoch) close(pipe, side, undefined, ctx)
      },
    },
    onDown(pipe: Pipe, { ref, reason }: { ref: RefBase; reason: Reason }, ctx: Context): void {
      for (const side of [0, 1] as const) {
        const { holding, next } = pipe[side]
        if (holding.state !== 'held' || !holding.ref.equals(ref)) continue
        if (next === undefined) close(pipe, side, reason, ctx)
        else free(pipe, side, undefined, ctx)
      }
    },
    endChildren: () => Promise.resolve(),
  })
}

const newEnd = (): End => ({
  epoch: -1,
  holding: { state: 'free' },
  next: undefined,
  last: undefined,
  unread: new Ring(),
})

export const opposite = (side: Side): Side => (side === 0 ? 1 : 0)

const ignore = (): void => undefined

function hold(pipe: Pipe, { side, epoch, ref }: Claim, ctx: Context): void {
  const end = pipe[side]
  const other = pipe[opposite(side)]
  const out = new Outgoing(ref, ignore)
  end.last?.send('arrived', undefined)
  end.last = undefined
  end.epoch = epoch
  end.holding = { state: 'held', ref, out }
  ctx.watch(ref)
  // The first holder made the pipe, and knows that there is all of the room.
  if (epoch > 0) out.send('room', Math.max(0, WINDOW - other.unread.length))
  // What lies in it goes to this holder, and stays here until it has been received.
  for (let left = end.unread.length; left > 0; left -= 1) {
    const value = end.unread.shift()
    end.unread.push(value)
    out.send('item', value)
  }
  if (other.holding.state === 'closed') out.send('end', other.holding.reason)
}

function received(pipe: Pipe, side: Side, count: number): void {
  const { unread } = pipe[side]
  for (let left = count; left > 0 && unread.length > 0; left -= 1) unread.shift()
  const sender = pipe[opposite(side)].holding
  if (count > 0 && sender.state === 'held') sender.out.send('room', count)
}

function free(pipe: Pipe, side: Side, last: Outgoing | undefined, ctx: Context): void {
  const end = pipe[side]
  const { next } = end
  end.holding = { state: 'free' }
  end.next = undefined
  end.last = last
  if (next !== undefined) hold(pipe, next, ctx)
}

function close(pipe: Pipe, side: Side, reason: Reason | undefined, ctx: Context): void {
  const end = pipe[side]
  const other = pipe[opposite(side)]
  if (end.holding.state === 'closed') return
  if (end.holding.state === 'held') ctx.unwatch(end.holding.ref)
  end.holding = { state: 'closed', reason }
  while (end.unread.length > 0) end.unread.shift()
  if (other.holding.state === 'held') other.holding.out.send('end', reason)
  if (other.holding.state === 'closed') ctx.exit()
}
