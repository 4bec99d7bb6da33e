/**
 * Where a service is between its start and its end, and with which code its process is to exit.
 *
 *   starting ── started ─► running ── signal, stop, down, error ─► stopping ── signal, late ─► killing
 *      └──────────────── signal, error, failed ────────────────────────┘ └───── over ─► ended ◄─┘
 */
export type Phase = 'starting' | 'running' | 'stopping' | 'killing' | 'ended'

export type CourseEvent =
  | { readonly type: 'started' }
  /** The start was refused, or a child did not start. */
  | { readonly type: 'failed'; readonly error: unknown }
  /** `number` as the system counts signals, `at` in milliseconds. */
  | { readonly type: 'signal'; readonly signal: NodeJS.Signals; readonly number: number; readonly at: number }
  | { readonly type: 'stop' }
  | { readonly type: 'kill' }
  /** The top supervisor has ended by itself: with an error, or cleanly. */
  | { readonly type: 'down'; readonly error?: unknown }
  /** Thrown in the main process, and caught by nobody. */
  | { readonly type: 'error'; readonly error: unknown }
  /** The deadline of the stop has passed. */
  | { readonly type: 'late' }
  /** Nothing is left. */
  | { readonly type: 'over' }

export interface Course {
  readonly phase: Phase
  readonly code: number
  /** The first signal that asked for the end. */
  readonly signal: NodeJS.Signals | null
  readonly signalledAt: number
  /** The first error that had to do with the end. */
  readonly error?: unknown
}

export const START: Course = { phase: 'starting', code: 0, signal: null, signalledAt: 0 }

/**
 * A signal that follows the same one within so many milliseconds is that one, told twice: npm passes on to its script
 * what the terminal has already sent there.
 */
const ECHO = 500

/** Where `event` leads. What does not concern a phase any more leaves it as it is. */
export function next(course: Course, event: CourseEvent): Course {
  const { phase } = course
  if (phase === 'ended') return course
  if (event.type === 'over') return { ...course, phase: 'ended' }
  if (phase === 'starting' || phase === 'running') return whileUp(course, event)
  return whileDown(course, event)
}

function whileUp(course: Course, event: Exclude<CourseEvent, { type: 'over' }>): Course {
  switch (event.type) {
    case 'started':
      return { ...course, phase: 'running' }
    case 'signal':
      return { ...course, phase: 'stopping', signal: event.signal, signalledAt: event.at }
    case 'stop':
      return { ...course, phase: 'stopping' }
    case 'kill':
      return { ...course, phase: 'killing', code: 1 }
    case 'down':
      return 'error' in event ? failed({ ...course, phase: 'stopping' }, event.error) : { ...course, phase: 'stopping' }
    case 'failed':
    case 'error':
      return failed({ ...course, phase: 'stopping' }, event.error)
    case 'late':
      return course
  }
}

function whileDown(course: Course, event: Exclude<CourseEvent, { type: 'over' }>): Course {
  const { phase, signal, signalledAt } = course
  if (event.type === 'error') return failed(course, event.error)
  if (phase === 'killing') return course
  switch (event.type) {
    case 'signal':
      if (signal === null) return { ...course, signal: event.signal, signalledAt: event.at }
      if (signal === event.signal && event.at - signalledAt < ECHO) return course
      return { ...course, phase: 'killing', code: 128 + event.number }
    case 'late':
    case 'kill':
      return { ...course, phase: 'killing', code: 1 }
    default:
      return course
  }
}

function failed(course: Course, error: unknown): Course {
  return { ...course, code: course.code === 0 ? 1 : course.code, error: 'error' in course ? course.error : error }
}
