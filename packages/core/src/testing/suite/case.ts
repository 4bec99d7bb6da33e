/**
 * One promise of a port, checked. A case ends by itself, by success, failure or its deadline, and ends what it opened
 * each time, so that a broken adapter fails the cases it breaks and no others.
 */
export interface Case {
  readonly name: string
  /** Rejects when the promise is not kept. */
  readonly run: () => Promise<void>
}

/** Options of every suite. */
export interface SuiteOptions {
  /** Milliseconds that one case may take. Default 15,000. */
  readonly deadline?: number | undefined
}

/** What the body of a case is handed. */
export interface Scope {
  /** Has `end` called when the case is over, however it went; the last one first. */
  defer(end: () => unknown): void
}

/** How long one end may take, in milliseconds. */
const END_DEADLINE = 4_000

export function makeCase(
  name: string,
  { deadline = 15_000 }: SuiteOptions,
  body: (scope: Scope) => Promise<void> | void,
): Case {
  return {
    name,
    async run() {
      const ends = new Ends()
      const scope: Scope = { defer: (end) => ends.add(end) }
      try {
        await within(deadline, (async () => body(scope))(), `the end of the case '${name}'`)
      } catch (error) {
        await ends.run().catch(() => undefined)
        throw error
      }
      await ends.run()
    },
  }
}

class Ends {
  readonly #ends: (() => unknown)[] = []
  #over = false

  add(end: () => unknown): void {
    // What a case opens after its deadline has nobody else to end it.
    if (this.#over) void (async () => end())().catch(() => undefined)
    else this.#ends.push(end)
  }

  /** All of them, whichever fail; rejects with the first failure. */
  async run(): Promise<void> {
    this.#over = true
    const failures: unknown[] = []
    for (const end of this.#ends.reverse()) {
      await within(END_DEADLINE, (async () => end())(), 'the end of what the case opened').catch((error: unknown) =>
        failures.push(error),
      )
    }
    if (failures.length > 0) throw failures[0]
  }
}

/** The runtime's own timers, whatever clock is being tested. */
export interface RealTimers {
  readonly setTimeout: (callback: () => void, ms: number) => unknown
  readonly clearTimeout: (timer: unknown) => void
}

export const realTimers = (): RealTimers => globalThis as unknown as RealTimers

/** Rejects unless `promise` settles within `ms` milliseconds. */
export async function within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
  const { setTimeout, clearTimeout } = realTimers()
  let timer: unknown
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Expected ${what} within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Lets `ms` milliseconds pass, and so whatever could happen without our help. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => realTimers().setTimeout(resolve, ms))
}
