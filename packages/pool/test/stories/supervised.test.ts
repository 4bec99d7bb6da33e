/** Pools that are children of supervisors. */
import {
  type ActorRef,
  type Children,
  child,
  defineActor,
  InitializerError,
  PoolClosedError,
  PoolRunningError,
  PoolTerminatedError,
  RestartLimitError,
  type Supervisor,
  WorkerCrashedError,
} from '@troupe/core'
import { childPool, type Pool, remote } from '@troupe/pool'
import { living, workers } from '../support/place.js'
import { eventsOf, newDesk, testSystem } from '../support/pools.js'
import { failure, inTime } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))
const setup = remote<typeof import('../fixtures/setup.js')>(new URL('../fixtures/setup.js', import.meta.url))

const clerk = defineActor({
  init: () => ({ handled: 0 }),
  on: {
    handle: (state) => (state.handled += 1),
    crash: (): void => {
      throw new Error('a clerk crashed')
    },
  },
})

/** Refuses the first `failures` who ask. */
const gateOf = async (failures: number): Promise<ActorRef<{ admit(): boolean }>> =>
  testSystem().spawn(
    defineActor({ init: () => ({ asked: 0 }), on: { admit: (state): boolean => (state.asked += 1) > failures } }),
  )

const pool = (options: { size?: number } = {}): Parameters<typeof childPool>[1] => ({
  size: 1,
  on: workers(),
  ...options,
})

/** Resolves when that has happened to that child. */
const told = (app: Supervisor<any>, type: 'restarted' | 'down', id: string): Promise<void> =>
  inTime(
    new Promise((resolve) => {
      const subscription = app.events$.subscribe((event) => {
        if (event.type !== type || event.child !== id) return
        subscription.unsubscribe()
        resolve()
      })
    }),
  )

const pidOf = (pool: Pool): number => pool.stats().workers[0]?.pid as number

describe('a pool that is a child', () => {
  test('stands under its supervisor, beside actors, and is found by its id', async () => {
    const app = await testSystem().supervise({ children: [child('clerk', clerk), childPool('images', pool())] })
    expect(await app.ref('images').apply(tasks.square, [3])).toBe(9)
    expect(await app.ref('clerk').ask('handle')).toBe(1)
    expect(app.ref('images')).toBe(app.ref('images'))
    const tree = testSystem()
      .tree()
      .split('\n')
      .map((line) => line.replaceAll(/\d+/g, 'n'))
    expect(tree).toEqual([
      'test',
      '└─ supervisor (n.n)',
      '   ├─ clerk (n.n)',
      '   └─ images (n.n)',
      '      └─ supervisor (n.n)',
      '         └─ worker-n (n.n) on host n, process n',
    ])
    expect(app.which().map(({ id, type, status }) => [id, type, status])).toEqual([
      ['clerk', 'worker', 'running'],
      ['images', 'worker', 'running'],
    ])
    expect(app.count()).toEqual({ specs: 2, active: 2, supervisors: 0, workers: 2 })
  })

  test('replaces a worker that died by itself: that is no restart of the pool', async () => {
    const app = await testSystem().supervise({ intensity: 0, children: [childPool('images', pool())] })
    const images = app.ref('images')
    expect(await failure(images.apply(tasks.killSelf, []))).toBeInstanceOf(WorkerCrashedError)
    expect(await inTime(images.apply(tasks.square, [3]))).toBe(9)
    expect(images.stats()).toMatchObject({ done: 1, failed: 1, restarts: 1 })
  })

  test('is started anew once it has given up, behind the same Pool, whose events and counts go on', async () => {
    const options = {
      size: 1,
      on: workers(),
      intensity: 1,
      initializer: setup.admitted,
      initargs: [await gateOf(2)] as const,
    }
    const app = await testSystem().supervise({ children: [childPool('images', options)] })
    const images = app.ref('images')
    const events = eventsOf(images)
    const again = told(app, 'restarted', 'images')
    const waiting = failure(images.map(tasks.square, [1, 2]))
    const error = await failure(images.apply(tasks.square, [1]))
    expect(error).toBeInstanceOf(InitializerError)
    expect(error.cause.message).toBe('not yet')
    expect(await waiting).toBeInstanceOf(InitializerError)
    await again
    expect(await inTime(images.apply(tasks.state, []))).toBe('admitted')
    expect(events.map(({ type }) => type)).toEqual(['crashed', 'crashed', 'spawned'])
    expect(await failure(images.apply(tasks.killSelf, []))).toBeInstanceOf(WorkerCrashedError)
    expect(images.stats()).toMatchObject({ done: 1, failed: 1 })
    await app.terminateChild('images')
    expect(images.stats()).toMatchObject({ size: 1, workers: [], queued: 0, running: 0, done: 1, failed: 1 })
  })

  test('between two lives rejects with the reason as its cause; transient, one that gave up stays down', async () => {
    const options = {
      size: 1,
      on: workers(),
      intensity: 0,
      initializer: setup.admitted,
      initargs: [await gateOf(1)] as const,
    }
    const app = await testSystem().supervise({ children: [childPool('images', options, { restart: 'transient' })] })
    const images = app.ref('images')
    expect(await failure(images.join())).toBeInstanceOf(PoolRunningError)
    const down = told(app, 'down', 'images')
    expect(await failure(images.ready())).toBeInstanceOf(InitializerError)
    await down
    const cause = { type: 'shutdown', error: { code: 'ERR_INITIALIZER' } }
    for (const error of [
      await failure(images.apply(tasks.square, [1])),
      await failure(images.map(tasks.square, [1])),
      await failure(images.ready()),
    ])
      expect(error).toMatchObject({ name: 'PoolTerminatedError', cause })
    expect(() => images.imap(tasks.square, [1])).toThrow(PoolTerminatedError)
    expect(() => images.applyAsync(tasks.square, [1])).toThrow(/images/)
    await inTime(Promise.all([images.stop(), images.terminate(), images.join()]))
    await app.restartChild('images')
    expect(await images.apply(tasks.state, [])).toBe('admitted')
  })

  test('that is terminated counts as killed: what it had rejects, its processes are gone, the next life works', async () => {
    const desk = await newDesk()
    const app = await testSystem().supervise({
      children: [childPool('images', pool(), { restart: 'transient' })],
    })
    const images = app.ref('images')
    const stubborn = failure(images.apply(tasks.ignore, [desk.key]))
    const { pid } = await desk.next()
    const again = told(app, 'restarted', 'images')
    await inTime(images.terminate())
    expect(await stubborn).toBeInstanceOf(PoolTerminatedError)
    expect(living([pid])).toEqual([])
    await again
    await inTime(images.join())
    expect(await images.apply(tasks.square, [3])).toBe(9)
  })

  test('that is closed or stopped runs what it has, and counts as shut down', async () => {
    const reasons: string[] = []
    const app = await testSystem().supervise({
      children: [childPool('images', pool()), childPool('texts', pool(), { restart: 'transient' })],
    })
    app.events$.subscribe(
      (event) => void (event.type === 'down' && reasons.push(`${event.child} ${event.reason.type}`)),
    )
    const images = app.ref('images')
    const again = told(app, 'restarted', 'images')
    const call = images.map(tasks.sleep, [60, 60, 1], { chunkSize: 3 })
    images.close()
    expect(await failure(images.apply(tasks.square, [1]))).toBeInstanceOf(PoolClosedError)
    expect(await inTime(call)).toEqual([undefined, undefined, undefined])
    await inTime(images.join())
    await again
    expect(await images.apply(tasks.square, [3])).toBe(9)
    await inTime(app.ref('texts').stop())
    expect(reasons).toEqual(['images shutdown', 'texts shutdown'])
    expect(await failure(app.ref('texts').apply(tasks.square, [1]))).toMatchObject({ cause: { type: 'shutdown' } })
  })

  test('may end too often for its supervisor, which then gives up; nothing is left of both', async () => {
    const app = await testSystem().supervise({ intensity: 1, children: [childPool('images', pool())] })
    const images = app.ref('images')
    let completed = 0
    images.events$.subscribe({ complete: () => (completed += 1) })
    const again = told(app, 'restarted', 'images')
    await images.terminate()
    await again
    await images.ready()
    const pid = pidOf(images)
    await images.terminate()
    const { error } = await inTime(app.exited)
    expect(error).toBeInstanceOf(RestartLimitError)
    expect(living([pid])).toEqual([])
    expect(completed).toBe(1)
    expect(await failure(images.apply(tasks.square, [1]))).toBeInstanceOf(PoolTerminatedError)
  })
})

describe('a supervisor that ends', () => {
  test('lets its pool run what was submitted: all results come, also of chunks at work', async () => {
    const app = await testSystem().supervise({ children: [childPool('images', pool())] })
    const images = app.ref('images')
    const call = images.map(tasks.sleep, [60, 60, 60, 1], { chunkSize: 4 })
    const next = images.apply(tasks.square, [3])
    await images.ready()
    const pid = pidOf(images)
    expect(await inTime(app.stop())).toMatchObject({ type: 'shutdown' })
    expect(await call).toEqual([undefined, undefined, undefined, undefined])
    expect(await next).toBe(9)
    expect(living([pid])).toEqual([])
    expect(await failure(images.apply(tasks.square, [1]))).toMatchObject({
      code: 'ERR_POOL_TERMINATED',
      cause: { type: 'shutdown' },
    })
  })

  test.each([
    ['after `shutdown` milliseconds', 50],
    ['at once, with brutal_kill', 'brutal_kill'],
  ] as const)('terminates its pool %s', async (_, shutdown) => {
    const desk = await newDesk()
    const app = await testSystem().supervise({ children: [childPool('images', pool(), { shutdown })] })
    const stubborn = failure(app.ref('images').apply(tasks.ignore, [desk.key]))
    const { pid } = await desk.next()
    await inTime(app.stop())
    expect(await stubborn).toBeInstanceOf(PoolTerminatedError)
    expect(living([pid])).toEqual([])
  })

  test('by a kill takes its pool along: pending calls reject, no process is left', async () => {
    const desk = await newDesk()
    const app = await testSystem().supervise({ children: [childPool('images', pool())] })
    const images = app.ref('images')
    const stubborn = failure(images.apply(tasks.ignore, [desk.key]))
    const waiting = failure(images.apply(tasks.square, [1]))
    const { pid } = await desk.next()
    await inTime(app.kill())
    expect(await stubborn).toBeInstanceOf(PoolTerminatedError)
    expect(await waiting).toBeInstanceOf(PoolTerminatedError)
    expect(living([pid])).toEqual([])
    expect(await failure(images.apply(tasks.square, [1]))).toMatchObject({ cause: { type: 'killed' } })
  })
})

describe('strategies', () => {
  const crashOf = async (app: Supervisor<Children>, id: string): Promise<void> => {
    await failure(app.ref<{ crash(): void }>(id).ask('crash'))
  }

  test('one_for_all starts a pool anew with its sibling, after it has run what it had', async () => {
    const desk = await newDesk()
    const app = await testSystem().supervise({
      strategy: 'one_for_all',
      children: [childPool('images', pool()), child('clerk', clerk)],
    })
    const images = app.ref('images')
    const call = images.apply(tasks.visit, [desk.key, 'last'])
    const { pid } = await desk.next()
    const again = told(app, 'restarted', 'images')
    await crashOf(app, 'clerk')
    desk.open()
    await again
    expect(await call).toBe('last')
    expect(living([pid])).toEqual([])
    expect(await images.apply(tasks.square, [3])).toBe(9)
  })

  test('rest_for_one starts it anew with those before it, not with those behind it', async () => {
    const app = await testSystem().supervise({
      strategy: 'rest_for_one',
      intensity: 2,
      children: [child('before', clerk), childPool('images', pool()), child('behind', clerk)],
    })
    const images = app.ref('images')
    await images.ready()
    const pid = pidOf(images)
    let again = told(app, 'restarted', 'behind')
    await crashOf(app, 'behind')
    await again
    expect(pidOf(images)).toBe(pid)
    again = told(app, 'restarted', 'behind')
    await crashOf(app, 'before')
    await again
    expect(living([pid])).toEqual([])
    expect(await images.apply(tasks.square, [3])).toBe(9)
  })

  test('a pool comes back with the supervisor that it is a child of', async () => {
    const app = await testSystem().supervise({
      children: [child.supervisor('web', { children: [childPool('images', pool())] })],
    })
    const images = app.supervisor('web').ref('images')
    const again = told(app, 'restarted', 'web')
    await app.supervisor('web').kill()
    await again
    expect(await images.apply(tasks.square, [3])).toBe(9)
  })

  test('a dynamic supervisor has pools that come and go', async () => {
    const app = await testSystem().superviseDynamic({ child: (size: number) => childPool('images', pool({ size })) })
    const [one, two] = await Promise.all([app.startChild(1), app.startChild(2)])
    expect([one.size, two.size]).toEqual([1, 2])
    await app.terminateChild(two)
    expect(await failure(two.apply(tasks.square, [3]))).toMatchObject({ cause: { type: 'shutdown' } })
    expect(await one.apply(tasks.square, [3])).toBe(9)
  })
})
