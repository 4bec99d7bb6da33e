import { type ActorRef, createSystem, type Launcher, type System } from '@troupe/core'
import { childProcess, remote, workerThread } from '@troupe/transport-node'
import type { Counter } from './actors.js'
import type { Contender, Session } from './contender.js'
import type { Small } from './record.js'
import { sink } from './sink.js'

const actors = remote<typeof import('./actors.js')>(new URL('./actors.js', import.meta.url))

/** An actor elsewhere, with credit and mailbox on: the whole path. */
export const ours: Contender = at('troupe', childProcess)
export const oursInThread: Contender = at('troupe', workerThread)
/** As `ours`, but takes what it is told by an actor, in the place of a stream. */
export const oursTold: Contender = at('troupe, tell', childProcess, takeTold)

function at(name: string, place: () => Launcher, takeAll = takeStream): Contender {
  return {
    name,
    async start() {
      const system = createSystem({ name: 'bench' })
      const ref = await system.spawn(actors.counter, undefined, { on: place() })
      return { ...talk(ref), takeAll: (items) => takeAll(system, ref, items), end: () => system.stop() }
    },
  }
}

function talk(ref: ActorRef<Counter>): Pick<Session, 'tellAll' | 'echo'> {
  let sent = 0
  return {
    async tellAll(messages) {
      for (const message of messages) {
        // `tell` says when there is no room; only then is there something to wait for.
        while (!ref.tell('note', message)) await ref.ready()
      }
      sent += messages.length
      const count = await ref.ask('count')
      if (count !== sent) throw new Error(`${count} of ${sent} messages arrived`)
    },
    echo: (message: Small) => ref.ask('echo', message),
  }
}

/** With the default window. */
async function takeStream(_: System, ref: ActorRef<Counter>, items: number): Promise<number> {
  let taken = 0
  for await (const { id } of ref.stream('items', items)) taken += id === taken ? 1 : 0
  return taken
}

async function takeTold(system: System, ref: ActorRef<Counter>, items: number): Promise<number> {
  const taker = await system.spawn(sink, items)
  ref.tell('give', { to: taker, items })
  const taken = await taker.ask('all')
  await taker.stop()
  return taken
}
