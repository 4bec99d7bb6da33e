import * as core from '@troupe/core'
import { registerError, RemoteError, TimeoutError, TroupeError } from '@troupe/core'
import { fromWireError, isErrorLike, toWireError, type WireError } from '@troupe/core/internal'

/** Its own enumerable fields. */
const fieldsOf = (error: object) => Object.fromEntries(Object.entries(error))

/** There and back, as data would go: the wire's form must itself be cloneable. */
const travel = (thrown: unknown): Error & Record<string, any> => fromWireError(structuredClone(toWireError(thrown)))

describe('an error arrives with its class', () => {
  test.each([
    new Error('m'),
    new EvalError('m'),
    new RangeError('m'),
    new ReferenceError('m'),
    new SyntaxError('m'),
    new TypeError('m'),
    new URIError('m'),
    new AggregateError([new TypeError('a'), 'b'], 'm'),
  ])('%p', (thrown) => {
    const error = travel(thrown)
    expect(error).toBeInstanceOf(thrown.constructor)
    expect(Object.getPrototypeOf(error)).toBe(Object.getPrototypeOf(thrown))
    expect(error.message).toBe('m')
    expect(error.name).toBe(thrown.name)
    expect(String(error)).toBe(String(thrown))
  })

  test.each([
    new TimeoutError({ what: 'ask', timeout: 5 }),
    new core.ActorDownError({ type: 'exit', code: 3, signal: null }, { actor: 'a' }),
    new core.SerializationError({ what: 'x', path: 'arg.a' }),
    new core.SupervisorError('ERR_CHILD_PRESENT', { id: 'db' }),
    new core.WorkerCrashedError({ exitCode: 3, signal: null, pid: 7, workerId: 'w1', started: 'unknown' }),
    new TroupeError('ERR_NAME_TAKEN', { details: { name: 'x', actor: '1.2' } }),
  ])("Troupe's own: %p", (thrown) => {
    const error = travel(thrown)
    expect(error).toBeInstanceOf(thrown.constructor)
    expect(Object.getPrototypeOf(error)).toBe(Object.getPrototypeOf(thrown))
    expect(fieldsOf(error)).toEqual(fieldsOf(thrown))
    expect(error['details']).toEqual(thrown.details)
    expect([error.message, error.name]).toEqual([thrown.message, thrown.name])
  })

  test('a class given to registerError, without running its constructor', () => {
    let built = 0
    class OutOfStock extends Error {
      override readonly name = 'OutOfStock'
      readonly item: string
      constructor(item: string) {
        super(`no ${item}`)
        built += 1
        this.item = item
      }
      get hint(): string {
        return `order ${this.item}`
      }
    }
    registerError(OutOfStock)
    const error = travel(new OutOfStock('tea'))
    expect(error).toBeInstanceOf(OutOfStock)
    expect(error['hint']).toBe('order tea')
    expect(built).toBe(1)
  })

  test('an unknown class keeps its name', () => {
    class Odd extends Error {
      override readonly name = 'Odd'
    }
    const error = travel(new Odd('m'))
    expect(error).toBeInstanceOf(Error)
    expect(String(error)).toBe('Odd: m')
  })

  test('by shape: an error of another realm or library need not be an Error', () => {
    const error = travel({ name: 'TypeError', message: 'm', code: 'E_X' })
    expect(error).toBeInstanceOf(TypeError)
    expect(error['code']).toBe('E_X')
  })
})

describe('what it carries', () => {
  test('its own fields that are data, and the names of those that are not', () => {
    const thrown = Object.assign(new Error('m'), { code: 'ENOENT', path: '/x', deep: { a: [1] }, close: () => 0 })
    const error = travel(thrown)
    expect(fieldsOf(error)).toEqual({ code: 'ENOENT', path: '/x', deep: { a: [1] } })
    expect(toWireError(thrown).dropped).toEqual(['close'])
  })

  test('the stack of where it was thrown, also as its own stack, and through a second journey', () => {
    const thrown = new Error('m')
    const error = travel(thrown)
    expect(error['remoteStack']).toBe(thrown.stack)
    expect(error.stack).toBe(thrown.stack)
    expect(travel(error)['remoteStack']).toBe(thrown.stack)
    expect(Object.keys(error)).toEqual([])
  })

  test('its causes, each with its class', () => {
    const thrown = new Error('a', { cause: new TypeError('b', { cause: new RangeError('c', { cause: { d: 1 } }) }) })
    const error = travel(thrown)
    expect(error.cause).toBeInstanceOf(TypeError)
    expect((error.cause as Error).cause).toBeInstanceOf(RangeError)
    expect(((error.cause as Error).cause as Error).cause).toEqual({ d: 1 })
  })

  test('the errors of an AggregateError, errors or not', () => {
    const error = travel(new AggregateError([new TypeError('a'), 'b', { c: 1 }], 'm'))
    const [a, b, c] = error['errors'] as unknown[]
    expect(a).toBeInstanceOf(TypeError)
    expect([b, c]).toEqual(['b', { c: 1 }])
  })

  test('an error among its fields arrives without what is no data in it', () => {
    const request: Record<string, unknown> = {}
    request['self'] = request
    const inner = Object.assign(new TypeError('b'), { request, code: 'E_B' })
    const wire = toWireError(Object.assign(new Error('a'), { inner }))
    expect(wire.fields['inner']).toBe(inner)
    expect(toWireError(inner)).toMatchObject({ fields: { code: 'E_B' }, dropped: ['request'] })
  })

  test('a field cannot stand in for what an error is', () => {
    const wire: WireError = {
      name: 'Error',
      message: 'm',
      stack: 's',
      fields: { message: 'x', stack: 'x', cause: 'x', remoteStack: 'x', ok: 1, ['__proto__']: { evil: 1 } },
      dropped: [],
    }
    const error = fromWireError(wire) as Error & Record<string, unknown>
    expect([error.message, error.stack, error.cause, error['remoteStack'], error['ok']]).toEqual([
      'm',
      's',
      undefined,
      's',
      1,
    ])
    expect('evil' in error).toBe(false)
  })
})

describe('a non-error that was thrown is the cause of a RemoteError', () => {
  test.each<[string, unknown, unknown]>([
    ['a string', 'boom', 'boom'],
    ['nothing', undefined, undefined],
    ['null', null, null],
    ['a number', 42, 42],
    ['an object', { a: 1 }, { a: 1 }],
    ['what is no data', () => 1, '() => 1'],
  ])('%s', (_, thrown, cause) => {
    const error = travel(thrown)
    expect(error).toBeInstanceOf(RemoteError)
    expect(error['code']).toBe('ERR_REMOTE')
    expect(error.cause).toEqual(cause)
    expect(error.message).toMatch(/not an error/)
  })
})

describe('nothing that was thrown can make the telling throw', () => {
  const boom = (): never => {
    throw new Error('a hostile getter')
  }
  const hostile = (key: string): Error => Object.defineProperty(new Error('m'), key, { get: boom, enumerable: true })
  const hostileDetails = new TimeoutError({
    what: 'x',
    deep: {
      get x(): never {
        return boom()
      },
    },
  })
  const cyclic = new Error('outer')
  cyclic.cause = new Error('inner', { cause: cyclic })
  const selfish = Object.assign(new AggregateError([], 'm'), { twin: undefined as unknown })
  selfish.errors.push(...Array.from({ length: 20 }, () => selfish))
  selfish.twin = selfish

  test.each<[string, unknown]>([
    ['a hostile field', hostile('field')],
    ['a hostile message', hostile('message')],
    ['a hostile name', hostile('name')],
    ['a hostile stack', hostile('stack')],
    ['a hostile cause', hostile('cause')],
    ['hostile errors', hostile('errors')],
    [
      'a hostile member of a field',
      Object.assign(new Error('m'), {
        field: {
          get x(): never {
            return boom()
          },
        },
      }),
    ],
    ['a stack that is no text', Object.assign(new Error('m'), { stack: { toString: boom } })],
    ['a proxy that answers nothing', new Proxy(new Error('m'), { get: boom, has: boom, ownKeys: boom })],
    ['a proxy that is no error', new Proxy({}, { get: boom, has: boom, ownKeys: boom, getPrototypeOf: boom })],
    ['errors that are a proxy', Object.assign(new Error('m'), { errors: new Proxy([1], { get: boom }) })],
    ["Troupe's own with hostile details", hostileDetails],
    ['a cycle of causes', cyclic],
    ['a group of itself', selfish],
    ['an object whose text throws', { toString: boom }],
  ])('%s', (_, thrown) => {
    const error = travel(thrown)
    expect(isErrorLike(error)).toBe(true)
    expect(typeof error.message).toBe('string')
  })

  test('what stands beside a hostile getter arrives', () => {
    expect(fieldsOf(travel(Object.assign(hostile('field'), { code: 'E_X' })))).toMatchObject({ code: 'E_X' })
  })

  test('two errors that name each other travel, and end somewhere', () => {
    const a = Object.assign(new Error('a'), { other: undefined as unknown })
    a.other = Object.assign(new Error('b'), { other: a })
    expect(travel(a).message).toBe('a')
  })

  test('a long chain of causes is cut', () => {
    let thrown = new Error('0')
    for (let index = 1; index <= 100; index += 1) thrown = new Error(String(index), { cause: thrown })
    let links = 0
    for (let error: any = travel(thrown); error !== undefined; error = error.cause) links += 1
    expect(links).toBeGreaterThan(3)
    expect(links).toBeLessThan(20)
  })
})

describe('what a foreign peer sends in the place of an error', () => {
  test.each<[string, unknown]>([
    ['nothing in it', {}],
    ['numbers for texts', { name: 1, message: 2, stack: 3, fields: 4, dropped: 5 }],
    [
      'a code of ours without details',
      { name: 'TimeoutError', message: 'm', stack: '', fields: { code: 'ERR_TIMEOUT' } },
    ],
    ['errors that are no list', { name: 'Error', message: 'm', stack: '', fields: {}, errors: 'x' }],
    ['a cause of null', { name: 'Error', message: 'm', stack: '', fields: {}, cause: null }],
  ])('becomes an error all the same: %s', (_, wire) => {
    expect(isErrorLike(fromWireError(wire as WireError))).toBe(true)
  })
})
