/** Which place the tasks of a key go to: always the same, so that what they keep there is found again. */
import type { Work } from '../call/work.js'

export type Key = string | number

export class Affinity {
  /** Where work of a key waits or runs: all that comes meanwhile goes there, or it would overtake. */
  readonly #homes = new Map<Key, { readonly place: number; readonly works: Set<Work> }>()

  /** The number of the place, from 1 to `places`, for work of that key, until `leave`. */
  enter(work: Work, key: Key, places: number): number {
    let home = this.#homes.get(key)
    if (home === undefined) this.#homes.set(key, (home = { place: placeOf(key, places), works: new Set() }))
    home.works.add(work)
    return home.place
  }

  /** It is over. */
  leave(work: Work): void {
    const { key } = work.options
    const home = key === undefined ? undefined : this.#homes.get(key)
    if (home?.works.delete(work) === true && home.works.size === 0) this.#homes.delete(key as Key)
  }
}

/**
 * Of all places the one whose hash with the key is the highest (rendezvous hashing): when places come or go, only the keys
 * of those move.
 */
export function placeOf(key: Key, places: number): number {
  let best = 1
  let highest = -1
  for (let place = 1; place <= places; place += 1) {
    const score = hash(`${typeof key}:${key}:${place}`)
    if (score > highest) {
      highest = score
      best = place
    }
  }
  return best
}

/** FNV-1a with a last mixing (that of MurmurHash3), without which the ends of keys hardly count. */
function hash(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
