/** The children of one supervisor, in the order of their start: the order in which they stop is its reverse. */
import type { ChildCount } from '../definition/supervise.js'
import { idOf } from '../message/address.js'
import type { Target } from '../ref/target.js'
import type { Child } from './child.js'

export class ChildTable {
  readonly #children = new Map<string, Child>()
  /** By the id of the life: ten thousand may end in one moment. */
  readonly #living = new Map<string, Child>()

  get size(): number {
    return this.#children.size
  }

  add(child: Child): void {
    this.#children.set(child.plan.key, child)
  }

  get(key: string): Child | undefined {
    return this.#children.get(key)
  }

  has(child: Child): boolean {
    return this.#children.get(child.plan.key) === child
  }

  delete(child: Child): void {
    if (this.has(child)) this.#children.delete(child.plan.key)
  }

  /** That child lives as `life` now. */
  live(child: Child, life: Target): void {
    child.life = life
    this.#living.set(idOf(life.address), child)
  }

  /** Its life is over. */
  die(child: Child): void {
    if (child.life !== undefined) this.#living.delete(idOf(child.life.address))
    child.life = undefined
  }

  /** Whose life that is. */
  living(id: string): Child | undefined {
    return this.#living.get(id)
  }

  count(): ChildCount {
    const children = this.inStartOrder()
    const supervisors = children.filter(({ plan }) => plan.type === 'supervisor').length
    const active = children.filter(({ life }) => life !== undefined).length
    return { specs: children.length, active, supervisors, workers: children.length - supervisors }
  }

  inStartOrder(): Child[] {
    return [...this.#children.values()]
  }

  inStopOrder(): Child[] {
    return this.inStartOrder().reverse()
  }
}
