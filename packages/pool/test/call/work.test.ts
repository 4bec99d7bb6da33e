import { RemoteError } from '@troupe/core'
import { Call, Chunk, type Sink } from '../../dist/call/work.js'

const name = { url: 'file:///tasks.js', export: 'resize' }

/** Writes down what it is told: position and value, or position and error. */
function notes(): Sink & { told: unknown[] } {
  const told: unknown[] = []
  return {
    told,
    value: (index, value) => void told.push([index, value]),
    error: (index, error) => void told.push([index, { error }]),
  }
}

const chunkOf = (items: readonly unknown[], sink: Sink, start = 0): Chunk =>
  new Chunk(name, items, { retries: 1, idempotent: true }, { start, sink })

describe('a call', () => {
  test('asks for one run, and says which attempt it is', () => {
    const call = new Call(name, [1, 2], {}, notes())
    expect(call.label).toBe('resize of file:///tasks.js')
    expect(call.request(7)).toEqual({
      message: 'run',
      arg: { ...name, args: [1, 2], attempt: 1, ticket: 7, progress: false, word: false },
    })
    call.crashes = 2
    expect(call.request(8).arg.attempt).toBe(3)
  })

  test.each([
    ['done', 7, [[0, 7]]],
    ['done', undefined, [[0, undefined]]],
    ['failed', 'why', [[0, { error: 'why' }]]],
  ] as const)('%s tells once, whatever comes later', (how, what, told) => {
    const sink = notes()
    const call = new Call(name, [], {}, sink)
    expect(call.complete).toBe(false)
    call[how](what)
    expect(call.complete).toBe(true)
    call.done('late')
    call.failed('late')
    expect(sink.told).toEqual(told)
    expect(call.pieces()).toEqual([])
  })

  test('after a crash is run again as a whole', () => {
    const call = new Call(name, [], {}, notes())
    expect(call.pieces()).toEqual([call])
  })
})

test('what is given a stream is not run again, wherever in its arguments that stands', () => {
  const stream = { [Symbol.asyncIterator]: () => ({}) }
  const call = (arg: unknown): Call => new Call(name, [arg], { retries: 1, idempotent: true }, notes())
  expect([call(1), call({ deep: [1] }), call(stream), call({ deep: [stream] })].map((each) => each.repeatable)).toEqual(
    [true, true, false, false],
  )
  expect([chunkOf([1, 2], notes()), chunkOf([1, { stream }], notes())].map((each) => each.repeatable)).toEqual([
    true,
    false,
  ])
})

describe('a chunk', () => {
  test('asks for all its items, with its ticket', () => {
    const chunk = chunkOf(['a', 'b'], notes())
    const arg = { ...name, items: ['a', 'b'], spread: false, attempt: 1, ticket: 5, progress: false, word: false }
    expect(chunk.request(5)).toEqual({ message: 'chunk', arg })
  })

  test('tells values and errors at their places in the whole', () => {
    const sink = notes()
    const chunk = chunkOf(['a', 'b', 'c'], sink, 10)
    const error = new RangeError('b')
    chunk.done({ from: 0, values: ['A', undefined, 'C'], errors: [[1, error]] })
    expect(sink.told).toEqual([
      [11, { error }],
      [10, 'A'],
      [12, 'C'],
    ])
    expect(chunk.complete).toBe(true)
  })

  test('takes its results in parts, each once', () => {
    const sink = notes()
    const chunk = chunkOf(['a', 'b', 'c', 'd'], sink)
    chunk.done({ from: 0, values: ['A', 'B'], errors: [] })
    expect(chunk.complete).toBe(false)
    chunk.done({ from: 0, values: ['again', 'again'], errors: [[1, 'again']] })
    chunk.done({ from: 2, values: ['C', undefined], errors: [[3, new Error('d')]] })
    expect(chunk.complete).toBe(true)
    chunk.failed('late')
    expect(sink.told).toEqual([
      [0, 'A'],
      [1, 'B'],
      [3, { error: new Error('d') }],
      [2, 'C'],
    ])
  })

  test('makes an error of what was thrown and is none, as a call alone does', () => {
    const sink = notes()
    chunkOf(['a'], sink).done({ from: 0, values: [undefined], errors: [[0, 'a string']] })
    const [[, { error }]] = sink.told as [[number, { error: Error }]]
    expect(error).toBeInstanceOf(RemoteError)
    expect(error.cause).toBe('a string')
  })

  test('that fails fails what is not told yet', () => {
    const sink = notes()
    const chunk = chunkOf(['a', 'b', 'c'], sink, 3)
    chunk.done({ from: 1, values: ['B'], errors: [] })
    chunk.failed('why')
    expect(sink.told).toEqual([
      [4, 'B'],
      [3, { error: 'why' }],
      [5, { error: 'why' }],
    ])
  })

  test('after a crash is run again singly, without what was told, and remembers the crash', () => {
    const sink = notes()
    const chunk = chunkOf(['a', 'b', 'c'], sink, 3)
    chunk.done({ from: 0, values: ['A'], errors: [] })
    chunk.crashes = 1
    const pieces = chunk.pieces()
    expect(pieces.map((piece) => piece.request(9))).toEqual([
      {
        message: 'chunk',
        arg: { ...name, items: ['b'], spread: false, attempt: 2, ticket: 9, progress: false, word: false },
      },
      {
        message: 'chunk',
        arg: { ...name, items: ['c'], spread: false, attempt: 2, ticket: 9, progress: false, word: false },
      },
    ])
    pieces[1]?.done({ from: 0, values: ['C'], errors: [] })
    pieces[0]?.failed('why')
    expect(sink.told).toEqual([
      [3, 'A'],
      [5, 'C'],
      [4, { error: 'why' }],
    ])
  })
})
