/** The actors that keep locks, semaphores, events and barriers: they tell each process's near end what is decided. */
import type { ActorRef, Context, Down } from '@troupe/core'
import { type Behaviour, defineKeeper, isClean } from '@troupe/core/internal'
import { Outgoing } from '../queue/outgoing.js'
import { BarrierRound, type Party } from './barrier-round.js'
import { Permits } from './permits.js'

interface Ends {
  readonly out: Map<number, Outgoing>
  readonly byRef: Map<string, number>
}

type Handlers<S> = Record<string, (state: S & Ends, arg: any) => unknown>

/** With a near end for each process, told of by `attach`; `left` is told of the end of one. */
function keeping<S>(
  make: (tell: (to: number, name: string, arg: unknown) => void) => S,
  on: Handlers<S>,
  left: (state: S, from: number, clean: boolean) => void,
): Behaviour {
  return defineKeeper({
    init(): S & Ends {
      const out = new Map<number, Outgoing>()
      return { ...make((to, name, arg) => out.get(to)?.send(name, arg)), out, byRef: new Map() }
    },
    on: {
      ...on,
      attach({ out, byRef }: Ends, { from, ref }: { from: number; ref: ActorRef<any> }, ctx: Context): void {
        out.set(from, new Outgoing(ref, () => undefined))
        byRef.set(ref.id, from)
        ctx.watch(ref)
      },
    },
    onDown(state: S & Ends, { ref, reason }: Down): void {
      const from = state.byRef.get(ref.id)
      if (from === undefined) return
      state.byRef.delete(ref.id)
      state.out.delete(from)
      left(state, from, isClean(reason))
    },
    endChildren: () => Promise.resolve(),
  })
}

export function permitBroker(count: number): Behaviour {
  return keeping<{ permits: Permits }>(
    (tell) => ({ permits: new Permits(count, { granted: (to, abandoned) => tell(to, 'granted', abandoned) }) }),
    {
      acquire: ({ permits }, from: number) => permits.acquire(from),
      withdraw: ({ permits }, from: number) => permits.withdraw(from),
      tryAcquire: ({ permits }, from: number) => permits.tryAcquire(from),
      release: ({ permits }, from: number) => permits.release(from),
      free: ({ permits }) => permits.free,
    },
    ({ permits }, from) => permits.leave(from),
  )
}

export function eventBroker(): Behaviour {
  return keeping<{ event: { set: boolean }; waiting: Set<number>; tell: (to: number) => void }>(
    (tell) => ({ event: { set: false }, waiting: new Set(), tell: (to) => tell(to, 'set', undefined) }),
    {
      wait({ event, waiting, tell }, from: number) {
        if (event.set) tell(from)
        else waiting.add(from)
      },
      set({ event, waiting, tell }) {
        event.set = true
        for (const from of waiting) tell(from)
        waiting.clear()
      },
      clear({ event }) {
        event.set = false
      },
      isSet: ({ event }) => event.set,
    },
    ({ waiting }, from) => waiting.delete(from),
  )
}

export function barrierBroker(parties: number): Behaviour {
  return keeping<{ round: BarrierRound }>(
    (tell) => ({
      round: new BarrierRound(parties, {
        passed: ({ from, call }, index) => tell(from, 'passed', { call, index }),
        broken: ({ from, call }, why) => tell(from, 'broken', { call, why }),
      }),
    }),
    {
      arrive: ({ round }, party: Party) => round.arrive(party),
      giveUp: ({ round }, party: Party) => round.giveUp(party),
      abort: ({ round }) => round.abort('it was aborted'),
      reset: ({ round }) => round.reset(),
      broken: ({ round }) => round.broken,
      waiting: ({ round }) => round.waiting,
    },
    ({ round }, from, clean) => round.leave(from, clean),
  )
}
