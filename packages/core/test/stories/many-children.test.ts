/** Ten thousand children of one supervisor: nothing is lost, and no step takes time that grows with their square. */
import { child, createSystem, defineActor, type System } from '@troupe/core'

const MANY = 10_000

let system: System
let ends: number[]

beforeEach(() => {
  ends = []
  system = createSystem({ name: 'test' })
  system.events$.subscribe(() => undefined)
})
afterEach(() => system.stop({ timeout: Infinity }))

const member = defineActor({
  init: (n: number) => n,
  on: {
    get: (n): number => n,
    fail(n): void {
      throw new RangeError(String(n))
    },
  },
  onStop: (n) => void ends.push(n),
})

const numbers = Array.from({ length: MANY }, (_, n) => n)
const describeChild = (n: number) => child(String(n), member, n)
const backwards = [...numbers].reverse()

describe('ten thousand children', () => {
  test('of a supervisor start, are found, end and start again, crash at once, and stop in reverse', async () => {
    const app = await system.supervise({ intensity: MANY, children: numbers.map(describeChild) })
    expect(app.which().map(({ id, status }) => [id, status])).toEqual(numbers.map((n) => [String(n), 'running']))
    const refs = numbers.map((n) => app.ref(String(n)))
    expect(await Promise.all(refs.map((ref) => ref.ask('get')))).toEqual(numbers)
    await Promise.all(numbers.map((n) => app.terminateChild(String(n))))
    expect(app.count()).toEqual({ specs: MANY, active: 0, supervisors: 0, workers: MANY })
    expect(ends).toEqual(numbers)
    await Promise.all(numbers.map((n) => app.restartChild(String(n))))
    expect(app.count().active).toBe(MANY)
    const failed = await Promise.all(refs.map((ref) => ref.ask('fail').catch((error: { code: string }) => error.code)))
    expect(failed.every((code) => code === 'ERR_ACTOR_DOWN')).toBe(true)
    // Whoever asks now is answered by the next life.
    expect(await Promise.all(refs.map((ref) => ref.ask('get')))).toEqual(numbers)
    ends.length = 0
    await app.stop()
    expect(ends).toEqual(backwards)
    expect(system.tree()).toBe('test')
  })

  test('of a dynamic supervisor come and go, and are gone with it', async () => {
    const app = await system.superviseDynamic({ child: describeChild })
    const refs = await Promise.all(numbers.map((n) => app.startChild(n)))
    expect(new Set(app.which().map(({ id }) => id)).size).toBe(MANY)
    expect(system.tree().split('\n')).toHaveLength(2 + MANY)
    await Promise.all(refs.map((ref) => app.terminateChild(ref)))
    expect(app.count()).toEqual({ specs: 0, active: 0, supervisors: 0, workers: 0 })
    expect(ends).toEqual(numbers)
    ends.length = 0
    await Promise.all(numbers.map((n) => app.startChild(n)))
    await app.stop()
    expect([...ends].sort((a, b) => a - b)).toEqual(numbers)
    expect(system.tree()).toBe('test')
  })
})
