/** Compiled only: what a supervisor's types know of a pool. */
import { child, defineActor, type System } from '@troupe/core'
import { childPool, type Pool, remote } from '@troupe/pool'

const setup = remote<typeof import('../fixtures/setup.js')>(new URL('../fixtures/setup.js', import.meta.url))
const clerk = defineActor({ init: () => 0, on: { handle: (state, by: number) => state + by } })
declare const system: System

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
declare function same<A, B>(is: Same<A, B>): void

export async function found(): Promise<void> {
  const app = await system.supervise({
    children: [
      child('clerk', clerk, undefined as never),
      childPool('images', { size: 4 }, { restart: 'permanent', shutdown: 10_000 }),
      childPool('texts'),
    ],
  })
  const images = app.ref('images')
  same<typeof images, Pool>(true)
  const texts = app.ref('texts')
  same<typeof texts, Pool>(true)
  // @ts-expect-error no such child
  app.ref('imgs')
  // @ts-expect-error a pool is no supervisor to those who hold it
  app.supervisor('images')
  // @ts-expect-error two of one id
  void system.supervise({ children: [childPool('images'), childPool('images')] })
  const added = await app.startChild(childPool('more', { size: 1 }))
  same<typeof added, Pool>(true)
}

export function options(): void {
  childPool('a', { initializer: setup.setup, initargs: ['hello'] }, { restart: 'transient', significant: true })
  childPool('a', { initializer: setup.setupLater })
  // @ts-expect-error the initializer's arguments are needed
  childPool('a', { initializer: setup.setup })
  // @ts-expect-error its system is the supervisor's
  childPool('a', { system })
  // @ts-expect-error one that is always restarted never ends for good
  childPool('a', {}, { restart: 'permanent', significant: true })
  // @ts-expect-error an option of a spawn
  childPool('a', {}, { name: 'pool' })
}
