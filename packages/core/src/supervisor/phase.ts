/**
 * Where one child is between its start and its end. `new`: it is to start, and waits for its turn.
 *
 *   new ─ start ─► starting
 *
 *            ┌──── due ─── waiting ◄── wait ──┐
 *            ▼                │ stop           │
 *   down ─ start ─► starting  └──────► down ◄──┤
 *     ▲                │ failed, ignored       │
 *     ├────────────────┘                       │
 *     │            started ▼                   │
 *     └── ended ──────── running ── stop ─► stopping ── ended ─► down
 */
export type Phase = 'new' | 'down' | 'waiting' | 'starting' | 'running' | 'stopping'

export type Step = 'start' | 'started' | 'failed' | 'ignored' | 'wait' | 'due' | 'stop' | 'ended'

const table: Readonly<Record<Phase, Partial<Record<Step, Phase>>>> = {
  new: { start: 'starting' },
  down: { start: 'starting', wait: 'waiting' },
  waiting: { due: 'down', stop: 'down' },
  starting: { started: 'running', failed: 'down', ignored: 'down' },
  running: { stop: 'stopping', ended: 'down' },
  stopping: { ended: 'down' },
}

/** Where that step leads. Throws Error for one that cannot be taken from there: a defect of the supervisor's. */
export function next(phase: Phase, step: Step): Phase {
  const to = table[phase][step]
  if (to === undefined) throw new Error(`A child that is ${phase} cannot take the step '${step}'`)
  return to
}

/** As `which()` tells it: OTP's pid, `restarting` and `undefined`. */
export const statusOf: Readonly<Record<Phase, 'running' | 'restarting' | 'down'>> = {
  new: 'restarting',
  down: 'down',
  waiting: 'restarting',
  starting: 'restarting',
  running: 'running',
  stopping: 'running',
}
