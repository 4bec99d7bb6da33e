/** The summary for people: 88 columns wide, in colours where they can be seen. */
import { printable, row, shorten } from './columns.js'
import { count, duration, size } from './numbers.js'
import { shortPath } from './package-of.js'
import type { Repeats } from './repeats.js'
import type { Paint } from './screen.js'
import type { Summary } from './summary.js'
import type { Verdict } from './verify.js'

export interface Run {
  title: string
  workers: number
  summary: Summary
  verdict: Verdict | undefined
}

export function table({ title, workers, summary, verdict }: Run, paint: Paint): string {
  const section = (heading: string, lines: string[]) => {
    return lines.length === 0 ? [] : [paint('bold', heading), paint('gray', '─'.repeat(width)), ...lines, '']
  }
  return [
    '',
    ...section(shorten(printable(title), width), figures(summary)),
    ...section(row(weights, ['Heaviest packages', 'bytes', 'gzip', 'brotli', 'files', '']), packages(summary, paint)),
    ...section('Duplicates', repeats(summary.duplicates, paint)),
    ...section('Same code in different files', repeats(summary.twins, paint)),
    ...section('Most used identifiers', identifiers(summary)),
    ...section('Work', work(summary, workers, verdict, paint)),
  ].join('\n')
}

const width = 88
const left = (width: number) => ({ width, align: 'left' as const })
const right = (width: number) => ({ width, align: 'right' as const })
const weights = [left(32), right(10), right(10), right(10), right(7), left(9)]
const triples = [left(11), right(12), left(2), left(11), right(12), left(2), left(14), right(10)]

function figures({ files, bytes, gzipped, brotli, lines, tokens, skipped }: Summary): string[] {
  const [first, second, ...rest] = skipped.map(([reason, number]) => [`  ${reason}`, count(number)])
  const leftOut = skipped.reduce((sum, [, number]) => sum + number, 0)
  return [
    row(triples, ['Files', count(files), '', 'Lines', count(lines), '', 'Skipped', count(leftOut)]),
    row(triples, ['Bytes', size(bytes), '', 'Tokens', count(tokens), '', ...(first ?? [])]),
    row(triples, ['Gzip', size(gzipped), '', 'Brotli', size(brotli), '', ...(second ?? [])]),
    ...rest.map((skip) => row(triples, ['', '', '', '', '', '', ...skip])),
  ]
}

function packages({ packages }: Summary, paint: Paint): string[] {
  const greatest = packages[0]?.[1].bytes ?? 0
  return packages.map(([name, { bytes, gzipped, brotli, files }]) => {
    const cells = row(weights, [name, size(bytes), size(gzipped), size(brotli), count(files)]).padEnd(width - 9)
    return `${cells}${paint('cyan', '▇'.repeat(Math.round((bytes / greatest) * 9)))}`
  })
}

function repeats({ groups, wasted, worst }: Repeats, paint: Paint): string[] {
  if (groups === 0) return []
  const shown = worst.flatMap(({ wasted, paths }) => {
    const [first = '', second = '', ...more] = paths
    const rest = more.length === 0 ? '' : ` and ${count(more.length)} more`
    return [
      row([right(10), left(76)], [size(wasted), shortPath(first)]),
      row([right(10), left(76 - rest.length)], ['=', shortPath(second)]) + paint('gray', rest),
    ]
  })
  return [`${count(groups)} ${groups === 1 ? 'group wastes' : 'groups waste'} ${size(wasted)}, the worst:`, ...shown]
}

/** Two columns, read downwards. */
function identifiers({ identifiers }: Summary): string[] {
  const half = Math.ceil(identifiers.length / 2)
  const cells = ([name, number]: [string, number]) => [name, count(number)]
  return identifiers.slice(0, half).map((one, index) => {
    const other = identifiers[half + index]
    return row([left(26), right(12), left(6), left(26), right(12)], [...cells(one), '', ...(other ? cells(other) : [])])
  })
}

function work(summary: Summary, workers: number, verdict: Verdict | undefined, paint: Paint): string[] {
  const { restarts, reruns, ms } = summary
  const serial = verdict === undefined ? ['', ''] : ['Serial', duration(verdict.serialMs)]
  const speedUp = verdict === undefined ? ['', ''] : ['Speed-up', `${verdict.speedUp.toFixed(2)} ×`]
  const lines = [
    row(triples, ['Workers', count(workers), '', 'Parallel', duration(ms), '', ...serial]),
    row(triples, ['Restarts', count(restarts), '', 'Rerun files', count(reruns), '', ...speedUp]),
    `Digest  ${summary.digest}`,
  ]
  if (verdict?.equal === true) lines.push(paint('green', 'The totals of the serial run are equal.'))
  if (verdict?.equal === false) lines.push(paint('red', 'The totals of the serial run are DIFFERENT.'))
  return lines
}
