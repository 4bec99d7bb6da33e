/** How long the tasks of each function take, measured from start to answer: what decides on handing ahead and chunks. */
import type { TaskName } from '../call/name.js'
import type { Work } from '../call/work.js'

/** Tasks before which nothing is known: a clock of whole milliseconds takes a few. */
const KNOWN_AFTER = 4
/** Of so many the mean is taken, roughly: the newest count most. */
const MEMORY = 32

interface Mean {
  count: number
  ms: number
}

export class Pace {
  readonly #modules = new Map<string, Map<string, Mean>>()

  /** `units` tasks of that function took `ms` milliseconds together. */
  note({ name, units }: Work, ms: number): void {
    const mean = this.#meanOf(name)
    const each = ms / units
    mean.count += 1
    mean.ms += (each - mean.ms) / Math.min(mean.count, MEMORY)
  }

  /** Milliseconds of one task of that function; undefined while too few have been seen. */
  of({ url, export: name }: TaskName): number | undefined {
    const mean = this.#modules.get(url)?.get(name)
    return mean === undefined || mean.count < KNOWN_AFTER ? undefined : mean.ms
  }

  /** Milliseconds that all of `work` will take. */
  expected({ name, units }: Work): number | undefined {
    const each = this.of(name)
    return each === undefined ? undefined : each * units
  }

  #meanOf({ url, export: name }: TaskName): Mean {
    let module = this.#modules.get(url)
    if (module === undefined) this.#modules.set(url, (module = new Map()))
    let mean = module.get(name)
    if (mean === undefined) module.set(name, (mean = { count: 0, ms: 0 }))
    return mean
  }
}
