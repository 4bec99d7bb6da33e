/** Compiled, never run: what the types of supervision give, and what they refuse. */
import {
  type ActorRef,
  child,
  type ChildSpec,
  defineActor,
  type DynamicSupervisor,
  type Launcher,
  type ProtocolIn,
  type RemoteActor,
  type Supervisor,
  type System,
} from '@troupe/core'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Compiles only for `true`. */
const holds = <T extends true>(): T => true as T

interface Stock {
  take(item: string): Promise<number>
}

const counter = defineActor({
  init: (input: { start: number }) => ({ n: input.start }),
  on: {
    add(state, by: number) {
      state.n += by
      return state.n
    },
  },
})
const logger = defineActor({ init: () => undefined, on: { log: (_, line: string) => void line } })

export async function typed(system: System, stock: RemoteActor<string, Stock>, on: Launcher): Promise<void> {
  const app = await system.supervise({
    ...{ strategy: 'rest_for_one', intensity: 3, autoShutdown: 'any_significant' },
    children: [
      child('counter', counter, { start: 1 }, { restart: 'transient', significant: true }),
      child('logger', logger),
      child('stock', stock, 'berlin', { on, maxRunTime: 100, handover: 1, shutdown: 'brutal_kill' }),
      child.supervisor('web', {
        children: [child('db', counter, { start: 1 }), child.supervisor('deep', { children: [child('x', logger)] })],
      }),
    ],
  } as const)
  const ref = app.ref('counter')
  holds<Equal<typeof ref, ActorRef<ProtocolIn<typeof counter>>>>()
  const added = await ref.ask('add', 2)
  holds<Equal<typeof added, number>>()
  app.ref('logger').tell('log', 'line')
  const taken = await app.ref('stock').ask('take', 'tea')
  holds<Equal<typeof taken, number>>()
  // A supervisor within, to any depth.
  const db = app.supervisor('web').ref('db')
  holds<Equal<typeof db, typeof ref>>()
  app.supervisor('web').supervisor('deep').ref('x').tell('log', 'line')
  // An id that is not known here: the protocol is named.
  const id: string = 'dynamic'
  const dynamic = app.ref<Stock>(id)
  holds<Equal<typeof dynamic, ActorRef<Stock>>>()
  const started = await app.startChild(child('later', counter, { start: 1 }))
  holds<Equal<typeof started, typeof ref>>()
  const nested = await app.startChild(child.supervisor('in', { children: [child('y', logger)] }))
  nested.ref('y').tell('log', 'line')
  // @ts-expect-error: no child of that id
  app.ref('countr')
  // @ts-expect-error: an id that is not a literal needs a protocol
  app.ref(id)
  // @ts-expect-error: a supervisor is no actor
  app.ref('web')
  // @ts-expect-error: an actor is no supervisor
  app.supervisor('counter')
  // @ts-expect-error: no handler of that name
  app.ref('counter').tell('sub', 2)
  // @ts-expect-error: it is told of one level only
  app.ref('db')
}

export async function uniqueIds(system: System): Promise<void> {
  await system.supervise({ children: [child('a', logger), child('b', logger)] })
  // @ts-expect-error: two children are called a
  await system.supervise({ children: [child('a', logger), child('b', logger), child('a', logger)] })
  await system.supervise({
    // @ts-expect-error: two children are called a, one of them a supervisor
    children: [child('a', logger), child.supervisor('a', { children: [] })],
  })
  await system.supervise({
    // @ts-expect-error: two children of a supervisor within are called a
    children: [child.supervisor('web', { children: [child('a', logger), child('a', logger)] })],
  })
  // Ids that are not literals pass.
  const shards = [1, 2, 3].map((n) => child(`shard-${n}`, counter, { start: n }))
  const app = await system.supervise({ children: shards })
  app.ref('shard-1').tell('add', 1)
  await system.supervise({ children: [child('a', logger), ...shards] })
}

export function refused(system: System, stock: RemoteActor<string, Stock>, on: Launcher): void {
  child('a', logger, undefined, { restart: 'temporary', significant: true })
  // @ts-expect-error: a permanent child never ends for good
  child('a', logger, undefined, { restart: 'permanent', significant: true })
  // @ts-expect-error: permanent is the default
  child('a', logger, undefined, { significant: true })
  // @ts-expect-error: the same for a supervisor
  child.supervisor('a', { children: [] }, { significant: true })
  child('a', stock, 'berlin', { on })
  // @ts-expect-error: a local definition stays here
  child('a', counter, { start: 1 }, { on })
  // @ts-expect-error: a wrong input
  child('a', counter, { start: '1' })
  // @ts-expect-error: the input is missing
  child('a', counter)
  // @ts-expect-error: an unknown restart
  child('a', logger, undefined, { restart: 'always' })
  // @ts-expect-error: a misspelt option
  child('a', logger, undefined, { shutdwn: 3 })
  // @ts-expect-error: a time is a number
  child('a', logger, undefined, { shutdown: 'infinity' })
  // @ts-expect-error: a supervisor lives here
  child.supervisor('a', { children: [] }, { on })
  // @ts-expect-error: an unknown strategy
  void system.supervise({ strategy: 'simple_one_for_one', children: [] })
  // @ts-expect-error: no child
  void system.supervise({ children: [logger] })
  // @ts-expect-error: children are missing
  void system.supervise({ intensity: 3 })
}

export async function dynamic(system: System): Promise<void> {
  const visitors = await system.superviseDynamic({
    child: (input: { id: string }) => child(input.id, counter, { start: 1 }),
    maxChildren: 10,
  })
  holds<Equal<typeof visitors, DynamicSupervisor<{ id: string }, ActorRef<ProtocolIn<typeof counter>>>>>()
  const ref = await visitors.startChild({ id: 'a' })
  const added = await ref.ask('add', 2)
  holds<Equal<typeof added, number>>()
  await visitors.terminateChild(ref)
  // @ts-expect-error: a wrong input
  await visitors.startChild('a')
  // @ts-expect-error: children are told by their refs
  await visitors.terminateChild('a')
  // @ts-expect-error: a strategy means nothing here
  await system.superviseDynamic({ child: () => child('a', logger), strategy: 'one_for_all' })
}

/** Any supervisor goes where one of unknown children is asked for. */
export function assigned(app: Supervisor<readonly [ChildSpec<'a', ActorRef<Stock>, 'worker'>]>): Supervisor {
  app.ref('a').tell('take', 'tea')
  return app
}
