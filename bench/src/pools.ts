/** Pools of two workers at the same work: ours in processes and threads, piscina's in threads, Python's in processes. */
import { execFile, execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createPool, type Pool, remote } from '@troupe/pool'
import { workerThread } from '@troupe/transport-node'
import { Piscina } from 'piscina'

const tasks = remote<typeof import('./tasks.js')>(new URL('./tasks.js', import.meta.url))

/** One pool with one job to do. */
interface PoolRound {
  readonly title: string
  readonly unit: 'per second' | 'milliseconds'
  readonly ways: readonly { readonly name: string; measure(): Promise<number> }[]
}

const WORKERS = 2
const MANY = 1_000_000
const SOME = 100_000
const IN_FLIGHT = 64
const LARGE = 64 * 1024 * 1024
const LARGE_ONES = 8

const ours = (measure: (pool: Pool) => Promise<number>, on?: ReturnType<typeof workerThread>) => async () => {
  const pool = createPool({ size: WORKERS, on })
  try {
    await pool.ready()
    return await measure(pool)
  } finally {
    await pool.stop()
  }
}

const theirs = (measure: (pool: Piscina) => Promise<number>) => async () => {
  const filename = fileURLToPath(new URL('./tasks.js', import.meta.url))
  const pool = new Piscina({ filename, minThreads: WORKERS, maxThreads: WORKERS, concurrentTasksPerWorker: 1 })
  try {
    return await measure(pool)
  } finally {
    await pool.destroy()
  }
}

/** By `pool.py`, which measures itself. */
const pythons = (round: string) => async () => {
  const script = fileURLToPath(new URL('../src/pool.py', import.meta.url))
  const { stdout } = await promisify(execFile)('python3', [script, round])
  return Number(stdout)
}

const all = (
  round: string,
  measure: (pool: Pool) => Promise<number>,
  piscina: (pool: Piscina) => Promise<number>,
): PoolRound['ways'] => [
  { name: 'troupe', measure: ours(measure) },
  { name: 'troupe threads', measure: ours(measure, workerThread()) },
  { name: 'piscina', measure: theirs(piscina) },
  ...(hasPython() ? [{ name: 'python', measure: pythons(round) }] : []),
]

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

export const pools: readonly PoolRound[] = [
  {
    title: `pool: map of ${MANY.toLocaleString('en')} small integers`,
    unit: 'milliseconds',
    ways: all(
      'map',
      (pool) => elapsed(async () => expectLast(await pool.map(tasks.square, numbers(MANY)))),
      // It has no map: in chunks by hand, as large as ours and Python's.
      (pool) =>
        elapsed(async () => {
          const items = numbers(MANY)
          const size = Math.ceil(MANY / (WORKERS * 4))
          const chunks = numbers(WORKERS * 4).map((at) => items.slice(at * size, (at + 1) * size))
          expectLast((await Promise.all(chunks.map((chunk) => pool.run(chunk, { name: 'squareAll' })))).flat())
        }),
    ),
  },
  {
    title: `pool: imap over a source without end, the first ${SOME.toLocaleString('en')} results`,
    unit: 'milliseconds',
    ways: all(
      'imap',
      (pool) =>
        elapsed(async () => {
          let taken = 0
          for await (const _ of pool.imap(tasks.square, endless())) if ((taken += 1) === SOME) break
        }),
      // By hand: as many at once as its workers can hold, in order.
      (pool) => elapsed(() => inFlight(SOME, (x) => pool.run(x, { name: 'square' }))),
    ),
  },
  {
    title: `pool: apply, ${IN_FLIGHT} in flight`,
    unit: 'per second',
    ways: all(
      'apply',
      async (pool) => SOME / ((await elapsed(() => inFlight(SOME, (x) => pool.apply(tasks.square, [x])))) / 1_000),
      async (pool) => SOME / ((await elapsed(() => inFlight(SOME, (x) => pool.run(x, { name: 'square' })))) / 1_000),
    ),
  },
  {
    title: `pool: ${LARGE_ONES} buffers of 64 MiB through apply and back`,
    unit: 'milliseconds',
    ways: all(
      'large',
      (pool) => elapsed(() => echoes((buffer) => pool.apply(tasks.echo, [buffer]))),
      (pool) => elapsed(() => echoes((buffer) => pool.run(buffer, { name: 'echo' }))),
    ),
  },
]

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

async function inFlight(total: number, run: (x: number) => Promise<number>): Promise<void> {
  let next = 0
  const one = async (): Promise<void> => {
    for (let x = next++; x < total; x = next++) if ((await run(x)) !== x * x) throw new Error(`Wrong for ${x}`)
  }
  await Promise.all(numbers(IN_FLIGHT).map(one))
}

async function echoes(echo: (buffer: Uint8Array) => Promise<Uint8Array>): Promise<void> {
  const buffer = new Uint8Array(LARGE).fill(7)
  for (let turn = 0; turn < LARGE_ONES; turn += 1) {
    const { length } = await echo(buffer)
    if (length !== LARGE) throw new Error(`${length} bytes came back`)
  }
}

function* endless(): Generator<number> {
  for (let x = 0; ; x += 1) yield x
}

function expectLast(results: readonly number[]): void {
  if (results.length !== MANY || results.at(-1) !== (MANY - 1) ** 2) throw new Error('Wrong results')
}

function hasPython(): boolean {
  try {
    execFileSync('python3', ['-c', 'import multiprocessing'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
