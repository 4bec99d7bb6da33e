/**
 * The life of a pool. It is over when its actor has ended, and with that all its workers.
 *
 *   starting ──STARTED──► running
 *      │                     │
 *      └────────┬────────────┘ CLOSE
 *               ▼
 *            draining ──IDLE──► stopping
 *               │                  │
 *               │  TERMINATE: kill │      (from every state but ended)
 *               ▼  GAVE_UP         ▼
 *           terminating ──ENDED──► ended  ◄── ENDED, whenever its actor ends
 *
 * `error` says why it takes no calls, from the CLOSE on. Six events a life; no task passes through here.
 */
import { type AnyStateMachine, assign, createActor, setup } from 'xstate'

/** Where a pool is in its life. */
export type PoolPhase = 'starting' | 'running' | 'draining' | 'stopping' | 'terminating' | 'ended'

export type PoolLifeEvent =
  /** Its supervisor takes workers. */
  | { readonly type: 'STARTED' }
  /** No more calls are taken. */
  | { readonly type: 'CLOSE'; readonly error: Error }
  /** Nothing waits and nothing runs. */
  | { readonly type: 'IDLE' }
  | { readonly type: 'TERMINATE'; readonly error: Error }
  /** Its supervisor has ended by itself. */
  | { readonly type: 'GAVE_UP'; readonly error: Error }
  /** Its actor has ended. */
  | { readonly type: 'ENDED'; readonly error: Error }

export interface PoolLifeActions {
  /** Send IDLE once there is nothing left to do. */
  drain(): void
  /** End the actor, which ends the workers in peace. */
  stop(): void
  /** All that waits or runs fails with that. */
  fail(error: Error): void
  /** End the actor and the workers at once. */
  kill(): void
  /** The actor ends by itself, and says why. */
  giveUp(error: Error): void
  /** Nothing happens any more. */
  complete(): void
}

interface LifeContext {
  readonly error: Error | undefined
}

const machine = setup({
  types: { context: {} as LifeContext, events: {} as PoolLifeEvent },
  actions: {
    drain: () => undefined,
    stop: () => undefined,
    fail: () => undefined,
    kill: () => undefined,
    giveUp: () => undefined,
    complete: () => undefined,
    note: assign({ error: ({ context, event }) => ('error' in event ? event.error : context.error) }),
    noteFirst: assign({ error: ({ context, event }) => context.error ?? ('error' in event ? event.error : undefined) }),
  },
}).createMachine({
  id: 'pool',
  initial: 'starting',
  context: { error: undefined },
  on: {
    TERMINATE: { target: '.terminating', actions: ['note', 'fail', 'kill'] },
    GAVE_UP: { target: '.terminating', actions: ['note', 'fail', 'giveUp'] },
    ENDED: { target: '.ended', actions: ['noteFirst', 'fail'] },
  },
  states: {
    starting: { on: { STARTED: 'running', CLOSE: { target: 'draining', actions: 'note' } } },
    running: { on: { CLOSE: { target: 'draining', actions: 'note' } } },
    draining: { entry: 'drain', on: { IDLE: 'stopping' } },
    // Its supervisor ends with it now.
    stopping: { entry: 'stop', on: { GAVE_UP: {} } },
    terminating: {
      on: {
        // The first error stands.
        TERMINATE: { actions: 'kill' },
        GAVE_UP: {},
        ENDED: 'ended',
      },
    },
    ended: { type: 'final', entry: 'complete' },
  },
})

/** The machine, for tests and drawings. */
export const poolLife: AnyStateMachine = machine

/** A life that runs. */
export interface PoolLife {
  send(event: PoolLifeEvent): void
  readonly phase: PoolPhase
  /** Why no calls are taken. */
  readonly error: Error | undefined
}

export function startPoolLife(actions: PoolLifeActions): PoolLife {
  const withError =
    (act: (error: Error) => void) =>
    ({ context: { error } }: { context: LifeContext }): void => {
      if (error !== undefined) act(error)
    }
  const told = {
    ...actions,
    fail: withError((error) => actions.fail(error)),
    giveUp: withError((error) => actions.giveUp(error)),
  }
  const actor = createActor(machine.provide({ actions: told }))
  actor.start()
  return {
    send: (event) => actor.send(event),
    get phase() {
      return actor.getSnapshot().value as PoolPhase
    },
    get error() {
      return actor.getSnapshot().context.error
    },
  }
}
