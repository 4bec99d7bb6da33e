import * as core from '@troupe/core'
import { type ErrorCode, errorTable, TroupeError } from '@troupe/core'

const codes = Object.keys(errorTable) as ErrorCode[]

/** Each exported class of Troupe's, with an instance of it. */
const instances: Record<string, TroupeError> = {
  AbortError: new core.AbortError({ what: 'The task' }),
  ActorDownError: new core.ActorDownError({ type: 'killed' }, { actor: 'cook (1.17)' }),
  AuthenticationError: new core.AuthenticationError({ peer: 'tcp:[::1]:7', problem: 'wrong key', cure: 'mend it' }),
  BrokenBarrierError: new core.BrokenBarrierError({ barrier: 'The barrier', why: 'it was aborted' }),
  BufferTooShortError: new core.BufferTooShortError(new Uint8Array(9), { room: 'the buffer of 3 bytes' }),
  ConnectionClosedError: new core.ConnectionClosedError({ connection: 'The pipe', why: 'is closed', cure: 'open it' }),
  DeadlockError: new core.DeadlockError({ chain: 'a (1.16)#1 -> b (1.17)#2 -> a (1.16)' }),
  EndOfStreamError: new core.EndOfStreamError({ connection: 'The pipe' }),
  InitializerError: new core.InitializerError({ task: 'setup', attempts: 3 }),
  MailboxFullError: new core.MailboxFullError({ actor: 'cook (1.17)', capacity: 3 }),
  NotPortableError: new core.NotPortableError({ what: 'a function', problem: 'it is here only', cure: 'name it' }),
  PeerClosedError: new core.PeerClosedError({ connection: 'the pipe' }),
  PoisonTaskError: new core.PoisonTaskError({ task: 'resize', attempts: 3 }),
  PoolClosedError: new core.PoolClosedError({ pool: 'images' }),
  PoolRunningError: new core.PoolRunningError({ pool: 'images' }),
  PoolTerminatedError: new core.PoolTerminatedError({ pool: 'images' }),
  ProtocolError: new core.ProtocolError({ peer: 'host 2', problem: 'no hello' }),
  QueueClosedError: new core.QueueClosedError({ queue: 'The queue', why: ': it was closed' }),
  QueueEmptyError: new core.QueueEmptyError({ queue: 'The queue', timeout: 5 }),
  QueueFullError: new core.QueueFullError({ queue: 'The queue', timeout: 5 }),
  RemoteError: new core.RemoteError({ message: 'thrown elsewhere' }),
  RestartLimitError: new core.RestartLimitError({ supervisor: 'app', count: 4, period: 5_000, intensity: 3 }),
  SerializationError: new core.SerializationError({ what: 'x', path: 'arg.a', kind: 'a function', cure: 'name it' }),
  SupervisorError: new core.SupervisorError('ERR_CHILD_NOT_FOUND', { id: 'db' }),
  TimeoutError: new core.TimeoutError({ what: 'ask', timeout: 5 }),
  WorkerCrashedError: new core.WorkerCrashedError(
    { exitCode: 3, signal: null, pid: 7, workerId: 'w1', started: true },
    { task: 'resize', end: 'exit code 3' },
  ),
}

describe('the table of errors', () => {
  test.each(codes)('%s has a sentence and a cure, neither ended by a stop', (code) => {
    expect(code).toMatch(/^ERR_[A-Z_]+$/)
    const [sentence, cure] = errorTable[code]
    for (const text of [sentence, cure]) expect(text).toMatch(/\S[^.]$/)
  })

  test('every exported error class is tried here', () => {
    const classes = Object.keys(core).filter((name) => name.endsWith('Error') && /^[A-Z]/.test(name))
    expect(classes.filter((name) => name !== 'TroupeError').sort()).toEqual(Object.keys(instances).sort())
  })

  test.each(Object.entries(instances))(
    'a %s says what happened and what to do, with nothing left blank',
    (name, error) => {
      expect(error.name).toBe(name)
      expect(error.message).toMatch(/^[^a-z\s].*[^.]\. [A-Z].*[^.]\.$|^[a-z`].*\. [A-Z].*\.$/)
      expect(error.message).not.toMatch(/[{}]|undefined/)
      expect(codes).toContain(error.code)
      expect(error).toBeInstanceOf(Error)
      expect(Object.keys(error)).not.toContain('details')
    },
  )

  test('the sentence names the details, and they stay readable', () => {
    const error = new core.MailboxFullError({ actor: 'cook (1.17)', capacity: 3 })
    expect(error.message).toContain('The mailbox of cook (1.17) is full (3 messages)')
    expect(error.details).toEqual({ actor: 'cook (1.17)', capacity: 3 })
    expect(error.code).toBe('ERR_MAILBOX_FULL')
  })

  test.each([
    [{ type: 'killed' }, 'cook is down (killed). '],
    [{ type: 'error', error: new Error('boom') }, 'cook is down (error): boom. '],
    [{ type: 'error', error: 'plain' }, 'cook is down (error): plain. '],
    [{ type: 'exit', code: 3, signal: null }, 'cook is down (exit): exit code 3. '],
    [{ type: 'exit', code: null, signal: 'SIGSEGV' }, 'cook is down (exit): signal SIGSEGV. '],
    [{ type: 'exit' }, 'cook is down (exit): an unknown end. '],
  ] as const)('an ActorDownError puts the reason %j in words', (reason, words) => {
    expect(new core.ActorDownError(reason, { actor: 'cook' }).message).toContain(words)
  })

  test('the error that an actor threw is the cause and the reason of its ActorDownError', () => {
    const thrown = new Error('boom')
    const error = new core.ActorDownError({ type: 'error', error: thrown })
    expect(error.cause).toBe(thrown)
    expect(error.reason).toEqual({ type: 'error', error: thrown })
  })
})

describe('errors across copies of the package', () => {
  /** As another copy of the package would make it. */
  class Twin extends Error {
    readonly code = 'ERR_TIMEOUT'
    override readonly name = 'TimeoutError'
    constructor() {
      super('twin')
      Object.defineProperty(this, Symbol.for('@troupe/error'), { value: 'ERR_TIMEOUT' })
    }
  }

  test('instanceof holds for the same class of another copy', () => {
    expect(new Twin()).toBeInstanceOf(core.TimeoutError)
    expect(new Twin()).toBeInstanceOf(TroupeError)
    expect(core.isTroupeError(new Twin())).toBe(true)
  })

  test.each([
    ['another class', new Twin(), core.AbortError],
    ['an error without the brand', Object.assign(new Error(), { name: 'TimeoutError' }), core.TimeoutError],
    ['no object', 'TimeoutError', core.TimeoutError],
    ['null', null, TroupeError],
  ])('instanceof does not hold for %s', (_, value, Class) => {
    expect(value instanceof (Class as typeof TroupeError)).toBe(false)
  })

  test('a class derived by a user is told from its base', () => {
    class Late extends core.TimeoutError {}
    const late = new Late({ what: 'it', timeout: 1 })
    expect([late instanceof Late, late instanceof core.TimeoutError]).toEqual([true, true])
    expect(new core.TimeoutError() instanceof Late).toBe(false)
    expect(late.name).toBe('Late')
  })
})
