/** The one line of progress on a terminal. It stays off the last column, where some terminals would wrap. */
import { count, duration } from './numbers.js'
import type { Pace } from './pace.js'
import type { Paint } from './screen.js'

export function bar(label: string, { done, total, perSecond, leftMs }: Pace, columns: number, paint: Paint): string {
  const part = total === 0 ? 1 : Math.min(1, done / total)
  const percent = `${Math.floor(part * 100)}%`.padStart(4)
  const eta = done >= total || leftMs === undefined ? '' : `  ETA ${duration(leftMs)}`
  const text = `${percent}  ${count(done)}/${count(total)} files  ${count(perSecond)} files/s${eta}`
  const cells = Math.min(maxCells, columns - 1 - `${label}  ${text}`.length)
  if (cells < minCells) return `${label} ${text}`.slice(0, columns - 1)
  const full = Math.round(part * cells)
  return `${label} ${paint('cyan', '█'.repeat(full))}${paint('gray', '░'.repeat(cells - full))} ${text}`
}

const maxCells = 32
const minCells = 4
