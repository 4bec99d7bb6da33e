/**
 * Tells how far a run is: by a bar that redraws itself on a terminal, by a line now and then anywhere else. Draws only
 * when told of a file and only as often as an eye can follow, so it needs no timer that could keep the process alive.
 */
import { bar } from './bar.js'
import { count, duration } from './numbers.js'
import { type Pace, pace } from './pace.js'
import { paintOn, type Screen } from './screen.js'

export interface Progress {
  /** One more file is done. */
  advance: () => void
  /** Writes a line that stays. */
  note(line: string): void
  /** Draws the last state and leaves it there. */
  end(): void
}

/** @param label what is being done, such as `2 workers` */
export function createProgress(label: string, total: number, screen: Screen): Progress {
  const start = performance.now()
  const everyMs = screen.isTTY ? 80 : 2_000
  const paint = paintOn(screen)
  let done = 0
  let lastDraw = screen.isTTY ? 0 : start

  const draw = () => {
    lastDraw = performance.now()
    const now = pace(done, total, lastDraw - start)
    screen.write(
      screen.isTTY ? `\r${bar(label, now, screen.columns ?? 80, paint)}${eraseRight}` : `${sentence(label, now)}\n`,
    )
  }
  return {
    advance() {
      done += 1
      if (performance.now() - lastDraw >= everyMs) draw()
    },
    note(line) {
      screen.write(screen.isTTY ? `\r${line}${eraseRight}\n` : `${line}\n`)
      if (screen.isTTY) draw()
    },
    end() {
      draw()
      if (screen.isTTY) screen.write('\n')
    },
  }
}

const eraseRight = '\x1b[K'

function sentence(label: string, { done, total, perSecond, leftMs }: Pace): string {
  const left = leftMs === undefined || done >= total ? '' : `, ${duration(leftMs)} left`
  return `${label}: ${count(done)} of ${count(total)} files, ${count(perSecond)} files/s${left}`
}
