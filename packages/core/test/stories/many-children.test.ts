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

/** Some seconds of work, also where others work too. */
const LONG = 60_000

describe('ten thousand children', () => {
  test(
    'of a supervisor start in order, are there again when a thousand crash at once, and stop in reverse',
    async () => {
      const app = await system.supervise({ intensity: MANY, children: numbers.map(describeChild) })
      expect(app.which().map(({ id, status }) => [id, status])).toEqual(numbers.map((n) => [String(n), 'running']))
      const refs = numbers.map((n) => app.ref(String(n)))
      const some = refs.filter((_, n) => n % 10 === 0)
      const failed = await Promise.all(
        some.map((ref) => ref.ask('fail').catch((error: { code: string }) => error.code)),
      )
      expect(new Set(failed)).toEqual(new Set(['ERR_ACTOR_DOWN']))
      // Whoever asks now is answered by the next life.
      expect(await Promise.all(refs.map((ref) => ref.ask('get')))).toEqual(numbers)
      expect(app.count()).toEqual({ specs: MANY, active: MANY, supervisors: 0, workers: MANY })
      await app.stop()
      expect(ends).toEqual(backwards)
      expect(system.tree()).toBe('test')
    },
    LONG,
  )

  test(
    'of a dynamic supervisor come and go, and those that are there end with it',
    async () => {
      const app = await system.superviseDynamic({ child: describeChild })
      const refs = await Promise.all(numbers.map((n) => app.startChild(n)))
      expect(app.which().map(({ id }) => id)).toEqual(numbers.map(String))
      expect(system.tree().split('\n')).toHaveLength(2 + MANY)
      const [going, staying] = [refs.slice(0, MANY / 2), numbers.slice(MANY / 2)]
      await Promise.all(going.map((ref) => app.terminateChild(ref)))
      expect(ends).toEqual(numbers.slice(0, MANY / 2))
      expect(app.which().map(({ id }) => id)).toEqual(staying.map(String))
      ends.length = 0
      await app.stop()
      expect([...ends].sort((a, b) => a - b)).toEqual(staying)
      expect(system.tree()).toBe('test')
    },
    LONG,
  )
})
