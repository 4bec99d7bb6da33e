/**
 * Ours beside Node's own IPC, in one run: every repeat measures each contender in turn, each in a fresh process, and the
 * best of the repeats counts, since noise only slows. Hold the ratios, not the figures.
 *
 *   npm run bench [-- --repeats 3] [--only tell]
 */
import { parseArgs } from 'node:util'
import type { Contender } from './contender.js'
import { firstResult } from './first-result.js'
import { forked } from './fork.js'
import { ours } from './ours.js'
import { rounds } from './rounds.js'
import { type Row, table } from './table.js'

const { values } = parseArgs({
  options: { repeats: { type: 'string', default: '3' }, only: { type: 'string', default: '' } },
})
const repeats = Number(values.repeats)
const contenders: readonly Contender[] = [ours, forked('json'), forked('advanced')]

const rows: Row[] = []
for (const round of rounds.filter(({ title }) => title.includes(values.only))) {
  rows.push(await compare(round.title, round.unit, contenders, (each) => round.measure(each)))
}
if ('first result'.includes(values.only)) {
  rows.push(await compare('first result of a cold pool', 'milliseconds', firstResult, (each) => each.measure()))
}
console.log(
  `\n${table(rows)}\n\nNode ${process.version}, best of ${repeats} interleaved repeats; x: how far ahead of that peer.`,
)

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
