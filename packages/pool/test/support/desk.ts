/** Where tasks say that they have begun, and wait until the test lets them go on. */
import { type ActorRef, defineActor, type System } from '@troupe/core'

/** What a task says of itself when it begins. */
export interface Visit {
  readonly label: unknown
  readonly pid: number
  readonly workerId: string
  readonly attempt: number
}

/** What a task is given of a desk. Two actors: one that waits would not hear of the next visit. */
export interface Key {
  readonly book: ActorRef<{ note(visit: Visit): void }>
  readonly gate: ActorRef<{ pass(): void }>
}

export interface Desk {
  readonly key: Key
  /** The next visit that the test has not taken yet. */
  next(): Promise<Visit>
  readonly visits: readonly Visit[]
  /** Lets those go on who wait, and all who come. */
  open(): void
}

export async function createDesk(system: System): Promise<Desk> {
  const visits: Visit[] = []
  const takers: ((visit: Visit) => void)[] = []
  let taken = 0
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const note = (_: undefined, visit: Visit): void => {
    visits.push(visit)
    const taker = takers.shift()
    if (taker === undefined) return
    taken += 1
    taker(visit)
  }
  const key: Key = {
    book: await system.spawn(defineActor({ init: () => undefined, on: { note } })),
    gate: await system.spawn(defineActor({ init: () => undefined, on: { pass: (): Promise<void> => opened } })),
  }
  return {
    key,
    visits,
    open,
    next() {
      const visit = visits[taken]
      if (visit === undefined) return new Promise((resolve) => takers.push(resolve))
      taken += 1
      return Promise.resolve(visit)
    },
  }
}
