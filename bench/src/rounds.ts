import type { Contender, Session } from './contender.js'
import { type Small, small } from './record.js'

/** One thing to measure; higher is better unless `unit` is a time. */
export interface Round {
  readonly title: string
  readonly unit: 'per second' | 'microseconds' | 'milliseconds'
  measure(contender: Contender): Promise<number>
}

/** What is said to a child and back. */
export const talk: readonly Round[] = [
  { title: 'tell, one way, parent to child', unit: 'per second', measure: (each) => within(each, tell) },
  { title: 'ask, one at a time, median', unit: 'microseconds', measure: (each) => within(each, askAlone) },
  {
    title: 'ask, 64 in flight',
    unit: 'per second',
    measure: (each) => within(each, (session) => askMany(session, 64)),
  },
  {
    title: 'ask, 1,000 in flight',
    unit: 'per second',
    measure: (each) => within(each, (session) => askMany(session, 1_000)),
  },
]

/** What flows from a child, item by item. */
export const flow: readonly Round[] = [
  { title: 'stream of small items, child to parent', unit: 'per second', measure: (each) => within(each, take) },
]

async function within(contender: Contender, work: (session: Session) => Promise<number>): Promise<number> {
  const session = await contender.start()
  try {
    return await work(session)
  } finally {
    await session.end()
  }
}

/** Long enough that what is measured is compiled code. */
async function tell(session: Session): Promise<number> {
  await session.tellAll(smalls(200_000))
  const messages = smalls(600_000)
  const start = performance.now()
  await session.tellAll(messages)
  return messages.length / seconds(start)
}

async function take(session: Session): Promise<number> {
  await takeExactly(session, 100_000)
  const start = performance.now()
  await takeExactly(session, 300_000)
  return 300_000 / seconds(start)
}

/** Of peers by hand those that are sent to wait for room come besides. */
async function takeExactly(session: Session, items: number): Promise<void> {
  const taken = await session.takeAll(items)
  if (taken < items) throw new Error(`${taken} of ${items} items arrived`)
}

async function askAlone(session: Session): Promise<number> {
  const times: number[] = []
  for (let turn = 0; turn < 6_000; turn += 1) {
    const start = performance.now()
    await session.echo(small(turn))
    if (turn >= 1_000) times.push((performance.now() - start) * 1_000)
  }
  return times.sort((a, b) => a - b)[times.length >> 1] as number
}

async function askMany(session: Session, inFlight: number): Promise<number> {
  await keepAsking(session, 100_000, inFlight)
  const start = performance.now()
  await keepAsking(session, 300_000, inFlight)
  return 300_000 / seconds(start)
}

/** `total` questions, always `inFlight` at once; each answer is compared. */
async function keepAsking(session: Session, total: number, inFlight: number): Promise<void> {
  let next = 0
  const asker = async (): Promise<void> => {
    while (next < total) {
      const id = next++
      const answer = await session.echo(small(id))
      if (answer.id !== id) throw new Error(`Asked ${id}, answered ${answer.id}`)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, asker))
}

const smalls = (count: number): Small[] => Array.from({ length: count }, (_, id) => small(id))

const seconds = (start: number): number => (performance.now() - start) / 1_000
