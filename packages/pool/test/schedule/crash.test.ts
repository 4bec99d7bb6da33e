import { PoisonTaskError, WorkerCrashedError } from '@troupe/core'
import { Call } from '../../dist/call/work.js'
import { crashOf } from '../../dist/schedule/crash.js'

const sink = { value: () => undefined, error: () => undefined }
const work = new Call({ url: 'file:///tasks.js', export: 'resize' }, [], {}, sink)
const about = { work, workerId: 'worker-3', pid: 4711 }

test.each([
  [{ type: 'exit', code: 3, signal: null }, 3, null, 'exit code 3'],
  [{ type: 'exit', code: 0, signal: null }, 0, null, 'exit code 0'],
  [{ type: 'exit', code: null, signal: 'SIGKILL' }, null, 'SIGKILL', 'signal SIGKILL'],
  [{ type: 'killed' }, null, 'SIGKILL', 'it was killed'],
  [{ type: 'error', error: new RangeError('nobody caught it') }, null, null, 'nobody caught it'],
  [{ type: 'noconnection' }, null, null, 'noconnection'],
  [undefined, null, null, 'its end is unknown'],
] as const)('%j is told in words and in fields', (reason, exitCode, signal, words) => {
  const error = crashOf(reason, about)
  expect(error).toBeInstanceOf(WorkerCrashedError)
  expect(error).toMatchObject({ exitCode, signal, pid: 4711, workerId: 'worker-3', started: true })
  expect(error.message).toContain(`Worker worker-3 (pid 4711) ended while it had resize of file:///tasks.js: ${words}.`)
  expect(error.cause).toBe(reason?.type === 'error' ? reason.error : undefined)
})

test('of a task that was run again in vain it is the cause of a PoisonTaskError', () => {
  const again = new Call(work.name, [], { retries: 2, idempotent: true }, sink)
  again.crashes = 3
  const error = crashOf({ type: 'killed' }, { ...about, work: again })
  expect(error).toBeInstanceOf(PoisonTaskError)
  expect(error.message).toContain('resize of file:///tasks.js ended its worker 3 times')
  expect(error.cause).toBeInstanceOf(WorkerCrashedError)
})
