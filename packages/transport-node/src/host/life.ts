/**
 * The life of a process host. It is gone only when both its channel and its process have ended: whatever it had sent
 * has been read by then.
 *
 *   starting ──RUNNING──► greeting ──GREETED──► ready ◄─┐ FITS: measure again
 *      │                     │                    │ └───┘ (in draining too, once greeted)
 *      │ DRAIN               │ DRAIN              │ DRAIN
 *      │                     ▼                    ▼
 *      │                  draining ◄──────────────┘   after its grace: kill
 *      │                     │
 *      │                     │  KILL, CLOSED, EXITED  (from every state but gone)
 *      │                     │  OOM: kill             (from ready and draining)
 *      └─── FAILED ──► gone  │
 *                            ▼
 *                         ending ──CLOSED and EXITED──► gone
 *                            after a grace: whichever is missing is forced
 *
 * From the hello on its memory is measured: whoever does so answers each time, FITS or OOM, and is told to do it again.
 * Without a limit nobody answers.
 *
 * No message passes through here: ten events a life, and with a limit of memory four a second.
 */
import type { Clock, HostEnd } from '@troupe/core'
import { type AnyStateMachine, assign, createActor, setup } from 'xstate'

/** Once one of channel and process has ended, the other may take this long, in milliseconds. */
export const ENDING_GRACE: number = 1_000

export interface LifeContext {
  readonly grace: number
  readonly closed: boolean
  readonly exited: { readonly code: number | null; readonly signal: string | null } | undefined
  readonly killed: boolean
  readonly oom: boolean
  readonly error: unknown
}

export type LifeEvent =
  | { readonly type: 'RUNNING' }
  | { readonly type: 'GREETED' }
  | { readonly type: 'FITS' }
  | { readonly type: 'OOM'; readonly error: unknown }
  | { readonly type: 'DRAIN'; readonly grace: number }
  | { readonly type: 'KILL' }
  | { readonly type: 'CLOSED' }
  | { readonly type: 'EXITED'; readonly code: number | null; readonly signal: string | null }
  | { readonly type: 'FAILED'; readonly error: unknown }

const machine = setup({
  types: { context: {} as LifeContext, events: {} as LifeEvent },
  actions: {
    /** SIGKILL to the process. */
    kill: () => undefined,
    /** Drops the channel. */
    drop: () => undefined,
    /** In a while FITS or OOM is to tell of its memory. */
    measure: () => undefined,
    noteClosed: assign({ closed: true }),
    noteKilled: assign({ killed: true }),
    noteExit: assign({
      exited: ({ context, event }) =>
        event.type === 'EXITED' ? { code: event.code, signal: event.signal } : context.exited,
    }),
    noteGrace: assign({ grace: ({ context, event }) => (event.type === 'DRAIN' ? event.grace : context.grace) }),
    noteOom: assign({
      oom: true,
      error: ({ context, event }) => (event.type === 'OOM' ? event.error : context.error),
    }),
    noteError: assign({
      error: ({ context, event }) => (event.type === 'FAILED' && !context.oom ? event.error : context.error),
    }),
  },
  guards: {
    isClosed: ({ context }) => context.closed,
    hasExited: ({ context }) => context.exited !== undefined,
    isOver: ({ context }) => context.closed && context.exited !== undefined,
  },
  delays: { grace: ({ context }) => context.grace, endingGrace: ENDING_GRACE },
}).createMachine({
  id: 'process host',
  initial: 'starting',
  context: { grace: 0, closed: false, exited: undefined, killed: false, oom: false, error: undefined },
  on: {
    KILL: { target: '.ending', actions: ['noteKilled', 'kill'] },
    CLOSED: { target: '.ending', actions: 'noteClosed' },
    EXITED: { target: '.ending', actions: 'noteExit' },
    FAILED: { target: '.gone', actions: ['noteError', 'drop'] },
  },
  states: {
    starting: {
      on: {
        RUNNING: 'greeting',
        DRAIN: { target: 'draining', actions: 'noteGrace' },
      },
    },
    greeting: {
      on: {
        GREETED: { target: 'ready', actions: 'measure' },
        DRAIN: { target: 'draining', actions: 'noteGrace' },
      },
    },
    ready: {
      on: {
        FITS: { actions: 'measure' },
        OOM: { target: 'ending', actions: ['noteOom', 'noteKilled', 'kill'] },
        DRAIN: { target: 'draining', actions: 'noteGrace' },
      },
    },
    draining: {
      on: {
        // What it has in hand may take long, and grow.
        GREETED: { actions: 'measure' },
        FITS: { actions: 'measure' },
        OOM: { target: 'ending', actions: ['noteOom', 'noteKilled', 'kill'] },
        DRAIN: { target: 'draining', actions: 'noteGrace', reenter: true },
      },
      after: { grace: { target: 'ending', actions: ['noteKilled', 'kill'] } },
    },
    ending: {
      always: { guard: 'isOver', target: 'gone' },
      on: {
        KILL: { actions: ['noteKilled', 'kill'] },
        // The grace of the other begins: a killed process may take its time to die.
        CLOSED: { target: 'ending', actions: 'noteClosed', reenter: true },
        EXITED: { target: 'ending', actions: 'noteExit', reenter: true },
      },
      after: {
        endingGrace: [
          { guard: 'hasExited', actions: ['drop', 'noteClosed'] },
          { guard: 'isClosed', actions: ['noteKilled', 'kill'] },
        ],
      },
    },
    gone: { type: 'final' },
  },
})

/** The machine, for tests and drawings. */
export const hostLife: AnyStateMachine = machine

/** A life that runs. */
export interface Life {
  send(event: LifeEvent): void
  /** Settles once, at `gone`. */
  readonly gone: Promise<HostEnd>
}

/**
 * Starts a life; `kill` ends the process by SIGKILL, `drop` the channel. `measure` is to be answered by FITS or OOM, once
 * each time; without it there is no limit.
 */
export function startLife(actions: { kill(): void; drop(): void; measure?(): void }, clock: Clock): Life {
  const actor = createActor(machine.provide({ actions }), { clock: clock as never })
  const gone = new Promise<HostEnd>((resolve) => {
    actor.subscribe({ complete: () => resolve(endOf(actor.getSnapshot().context)) })
  })
  actor.start()
  return { send: (event) => actor.send(event), gone }
}

function endOf({ exited, killed, oom, error }: LifeContext): HostEnd {
  const { code, signal } = exited ?? { code: null, signal: null }
  return { code, signal, killed, ...(error === undefined ? {} : { error }), ...(oom ? { oom } : {}) }
}
