import { type Course, type CourseEvent, next, START } from '@troupe/transport-node/internal'

const error = new Error('boom')
const other = new Error('another')
const started: CourseEvent = { type: 'started' }
const stop: CourseEvent = { type: 'stop' }
const kill: CourseEvent = { type: 'kill' }
const late: CourseEvent = { type: 'late' }
const over: CourseEvent = { type: 'over' }
const uncaught: CourseEvent = { type: 'error', error }
const failed: CourseEvent = { type: 'failed', error }
const term = (at: number): CourseEvent => ({ type: 'signal', signal: 'SIGTERM', number: 15, at })
const int = (at: number): CourseEvent => ({ type: 'signal', signal: 'SIGINT', number: 2, at })

const after = (...events: CourseEvent[]): Course => events.reduce(next, START)

test.each<[string, CourseEvent[], Partial<Course>]>([
  ['all ready', [started], { phase: 'running', code: 0 }],
  ['a signal', [started, term(0)], { phase: 'stopping', code: 0, signal: 'SIGTERM' }],
  ['a signal before all are ready', [int(0)], { phase: 'stopping', code: 0, signal: 'SIGINT' }],
  ['a stop', [started, stop], { phase: 'stopping', code: 0, signal: null }],
  ['a kill', [started, kill], { phase: 'killing', code: 1 }],
  ['a kill while stopping', [started, stop, kill], { phase: 'killing', code: 1 }],
  ['the end of the supervisor', [started, { type: 'down' }], { phase: 'stopping', code: 0 }],
  ['a supervisor that gave up', [started, { type: 'down', error }], { phase: 'stopping', code: 1, error }],
  ['a failed start', [failed], { phase: 'stopping', code: 1, error }],
  ['an error nobody caught', [started, uncaught], { phase: 'stopping', code: 1, error }],
  ['such an error before all are ready', [uncaught, failed], { phase: 'stopping', code: 1, error }],
  ['such an error while stopping', [started, term(0), uncaught], { phase: 'stopping', code: 1, error }],
  ['the first error stays', [started, uncaught, { type: 'error', error: other }], { code: 1, error }],
  ['the deadline', [started, term(0), late], { phase: 'killing', code: 1, signal: 'SIGTERM' }],
  ['another signal while stopping', [started, term(0), int(1)], { phase: 'killing', code: 130, signal: 'SIGTERM' }],
  ['the same signal, later', [started, term(0), term(500)], { phase: 'killing', code: 143 }],
  ['the same signal, told twice', [started, int(0), int(499)], { phase: 'stopping', code: 0 }],
  ['a first signal after a stop', [started, stop, term(0)], { phase: 'stopping', code: 0, signal: 'SIGTERM' }],
  ['a second signal after an error', [started, uncaught, term(0), term(600)], { phase: 'killing', code: 143, error }],
  ['an error while killing', [started, term(0), term(600), uncaught], { phase: 'killing', code: 143, error }],
  ['a third signal', [started, term(0), term(600), int(700), late, kill], { phase: 'killing', code: 143 }],
  ['nothing is left', [started, term(0), over], { phase: 'ended', code: 0 }],
  ['whatever comes after the end', [started, term(0), over, late, uncaught, int(9)], { phase: 'ended', code: 0 }],
])('%s', (_, events, course) => {
  expect(after(...events)).toMatchObject(course)
})

test('a clean end has no error', () => {
  expect('error' in after(started, term(0), over)).toBe(false)
  expect('error' in after(started, { type: 'down' }, over)).toBe(false)
})
