import { type ActorRef, child, createSystem, defineActor, type System } from '@troupe/core'

/** One way of doing one thing; lower is better. */
interface Measured {
  readonly name: string
  /** Microseconds a child. */
  measure(): Promise<number>
}

/** What supervision costs a child, in this thread. The second figure of each over its first: linear is 1. */
export const children: readonly { readonly title: string; readonly ways: readonly Measured[] }[] = [
  { title: 'supervision: start of a child, of so many', ways: atSizes(startStatic) },
  { title: 'supervision: start of a child of a dynamic supervisor', ways: atSizes(startDynamic) },
  { title: 'supervision: which(), a child', ways: atSizes(which) },
  { title: 'supervision: terminateChild, all of so many', ways: atSizes(terminate) },
  { title: 'supervision: crash and restart, all of so many', ways: atSizes(crash) },
  {
    title: 'supervision: crash and restart of one, beside an actor that is spawned and crashes',
    ways: [
      { name: 'spawn', measure: () => inSystem(spawnAndCrash) },
      { name: 'restart', measure: () => inSystem(crashAndRestart) },
    ],
  },
]

const member = defineActor({
  init: (n: number) => n,
  on: {
    get: (n): number => n,
    fail(): void {
      throw FAILURE
    },
  },
})

/** One for all: what is measured is not the making of a stack. */
const FAILURE = new RangeError('failed')

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n)
const memberOf = (n: number) => child(String(n), member, n)

function atSizes(measure: (system: System, count: number) => Promise<number>): Measured[] {
  return [1_000, 10_000].map((count) => ({
    name: `of ${count.toLocaleString('en')}`,
    // The same work for both: what a process compiles and collects on the way is no matter of the size.
    measure: () => repeated(10_000 / count, () => inSystem((system) => measure(system, count))),
  }))
}

async function startStatic(system: System, count: number): Promise<number> {
  const specs = numbers(count).map(memberOf)
  return each(count, () => system.supervise({ children: specs }))
}

async function startDynamic(system: System, count: number): Promise<number> {
  const app = await system.superviseDynamic({ child: memberOf })
  return each(count, () => Promise.all(numbers(count).map((n) => app.startChild(n))))
}

async function which(system: System, count: number): Promise<number> {
  const app = await system.supervise({ children: numbers(count).map(memberOf) })
  return each(count * WHICHES, async () => {
    for (let turn = 0; turn < WHICHES; turn += 1) if (app.which().length !== count) throw new Error('Not all are there')
  })
}

const WHICHES = 20

async function terminate(system: System, count: number): Promise<number> {
  const app = await system.supervise({ children: numbers(count).map(memberOf) })
  return each(count, () => Promise.all(numbers(count).map((n) => app.terminateChild(String(n)))))
}

async function crash(system: System, count: number): Promise<number> {
  const app = await system.supervise({ intensity: count, children: numbers(count).map(memberOf) })
  const refs = numbers(count).map((n) => app.ref(String(n)) as ActorRef<any>)
  return each(count, async () => {
    for (const ref of refs) ref.tell('fail', undefined)
    await Promise.all(refs.map((ref) => ref.ask('get')))
  })
}

const TURNS = 5_000

/** Until the next one answers. */
async function spawnAndCrash(system: System): Promise<number> {
  return each(TURNS, async () => {
    for (let turn = 0; turn < TURNS; turn += 1) {
      const ref = await system.spawn(member, turn)
      await ref.ask('get')
      ref.tell('fail', undefined)
      await ref.exited
    }
  })
}

async function crashAndRestart(system: System): Promise<number> {
  const app = await system.supervise({ intensity: Infinity, children: [memberOf(0)] })
  const ref = app.ref('0') as ActorRef<any>
  return each(TURNS, async () => {
    for (let turn = 0; turn < TURNS; turn += 1) {
      await ref.ask('get')
      ref.tell('fail', undefined)
      await ref.exited
    }
    await ref.ask('get')
  })
}

async function inSystem(measure: (system: System) => Promise<number>): Promise<number> {
  const system = createSystem({ name: 'bench' })
  system.events$.subscribe(() => undefined)
  try {
    return await measure(system)
  } finally {
    await system.stop({ timeout: Infinity })
  }
}

async function repeated(times: number, measure: () => Promise<number>): Promise<number> {
  let sum = 0
  for (let turn = 0; turn < times; turn += 1) sum += await measure()
  return sum / times
}

async function each(count: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return ((performance.now() - start) * 1_000) / count
}
