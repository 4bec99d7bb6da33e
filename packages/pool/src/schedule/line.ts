/** Work that waits: the highest priority first, and of one priority in the order in which it was submitted. */
import { Ring } from '@troupe/core/internal'
import type { Work } from '../call/work.js'

export class Line {
  /** Highest first; none is empty. Nearly always there is one. */
  #levels: { readonly priority: number; ring: Ring<Work> }[] = []

  get length(): number {
    let length = 0
    for (const { ring } of this.#levels) length += ring.length
    return length
  }

  /** What `shift` would give. */
  get first(): Work | undefined {
    return this.#levels[0]?.ring.first
  }

  push(work: Work): void {
    this.#ringOf(work).push(work)
  }

  /** Before all of its priority: it has waited already. */
  putBack(work: Work): void {
    const ring = this.#ringOf(work)
    const waiting = ring.length
    ring.push(work)
    for (let moved = 0; moved < waiting; moved += 1) ring.push(ring.shift() as Work)
  }

  shift(): Work | undefined {
    const level = this.#levels[0]
    const work = level?.ring.shift()
    if (level?.ring.length === 0) this.#levels.shift()
    return work
  }

  /** Whether it was there. */
  remove(work: Work): boolean {
    const level = this.#levels.find(({ priority }) => priority === work.priority)
    const found = level?.ring.remove((each) => each === work) !== undefined
    if (level?.ring.length === 0) this.#levels.splice(this.#levels.indexOf(level), 1)
    return found
  }

  #ringOf({ priority }: Work): Ring<Work> {
    const first = this.#levels[0]
    if (first?.priority === priority) return first.ring
    const at = this.#levels.findIndex((level) => level.priority <= priority)
    const level = this.#levels[at]
    if (level?.priority === priority) return level.ring
    const ring = new Ring<Work>()
    this.#levels.splice(at === -1 ? this.#levels.length : at, 0, { priority, ring })
    return ring
  }
}

/** Which of two that wait is first to go. */
export function goesBefore(one: Work, other: Work | undefined): boolean {
  if (other === undefined) return true
  return one.priority === other.priority ? one.order < other.order : one.priority > other.priority
}
