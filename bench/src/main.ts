/**
 * Ours beside Node's own in one run: processes beside `fork`, threads beside `postMessage`. Every repeat measures each
 * contender in turn, each in a fresh process or thread, and the best of the repeats counts, since noise only slows. Hold
 * the ratios, not the figures. Pools stand beside piscina's and Python's. Of children that are supervised the peer is more of them: there 1 is as it should be.
 *
 *   npm run bench [-- --repeats 3] [--only tell | thread | stream | 'first result' | supervision | pool:]
 */
import { parseArgs } from 'node:util'
import { children } from './children.js'
import type { Contender } from './contender.js'
import { firstResult } from './first-result.js'
import { forked } from './fork.js'
import { ours, oursInThread, oursTold } from './ours.js'
import { flow, type Round, talk } from './rounds.js'
import { pools } from './pools.js'
import { type Row, table } from './table.js'
import { threaded } from './thread.js'

const { values } = parseArgs({
  options: { repeats: { type: 'string', default: '3' }, only: { type: 'string', default: '' } },
})
const repeats = Number(values.repeats)
/** Who is measured beside whom; ours stands first. */
const heats: readonly { readonly rounds: readonly Round[]; readonly contenders: readonly Contender[] }[] = [
  { rounds: talk, contenders: [ours, forked('json'), forked('advanced')] },
  { rounds: talk.map(inThread), contenders: [oursInThread, threaded] },
  { rounds: flow, contenders: [ours, oursTold, forked('json')] },
]

const rows: Row[] = []
for (const { rounds, contenders } of heats) {
  for (const round of rounds.filter(({ title }) => title.includes(values.only))) {
    rows.push(await compare(round.title, round.unit, contenders, (each) => round.measure(each)))
  }
}
if ('first result'.includes(values.only)) {
  rows.push(await compare('first result of a cold pool', 'milliseconds', firstResult, (each) => each.measure()))
}
for (const { title, ways } of children.filter((each) => each.title.includes(values.only))) {
  rows.push(await compare(title, 'microseconds', ways, (each) => each.measure()))
}
for (const { title, unit, ways } of pools.filter((each) => each.title.includes(values.only))) {
  rows.push(await compare(title, unit, ways, (each) => each.measure()))
}
console.log(
  `\n${table(rows)}\n\nNode ${process.version}, best of ${repeats} interleaved repeats; x: how far ahead of that peer.`,
)

function inThread(round: Round): Round {
  return { ...round, title: `thread: ${round.title.replace('child', 'thread')}` }
}

async function compare<T extends { readonly name: string }>(
  title: string,
  unit: Row['unit'],
  all: readonly T[],
  measure: (each: T) => Promise<number>,
): Promise<Row> {
  const best = new Map<string, number>()
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const each of all) {
      const figure = await measure(each)
      const known = best.get(each.name) ?? figure
      best.set(each.name, unit === 'per second' ? Math.max(known, figure) : Math.min(known, figure))
    }
    process.stderr.write(`${title}: ${repeat + 1} of ${repeats}\n`)
  }
  return { title, unit, best }
}
