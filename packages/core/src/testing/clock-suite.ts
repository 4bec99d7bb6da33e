/** What every clock promises (ports/clock.ts), each promise as a case. */
import type { Clock } from '../ports/clock.js'
import { type Case, makeCase, type SuiteOptions } from './suite/case.js'
import { check, checkThat } from './suite/check.js'

/** A clock, and how its time passes. */
export interface ClockSetup {
  readonly clock: Clock
  /** Lets at least `ms` milliseconds of that clock pass, and what is due by then happen. */
  readonly pass: (ms: number) => Promise<void>
}

/** Cases for a clock; `make` is called once for each. */
export function clockSuite(make: () => ClockSetup, options: SuiteOptions = {}): readonly Case[] {
  const each = (name: string, body: (given: ClockSetup & { log: string[] }) => Promise<void>): Case =>
    makeCase(name, options, () => {
      const setup = make()
      return body({ clock: setup.clock, pass: (ms) => setup.pass(ms), log: [] })
    })

  return [
    each('timers fire in the order of their times, not of their making', async ({ clock, pass, log }) => {
      clock.setTimeout(() => log.push('third'), 120)
      clock.setTimeout(() => log.push('first'), 20)
      clock.setTimeout(() => log.push('second'), 70)
      await pass(200)
      check('What fired', log, ['first', 'second', 'third'])
    }),
    each('timers of one time fire in the order of their making', async ({ clock, pass, log }) => {
      for (const name of ['first', 'second', 'third']) clock.setTimeout(() => log.push(name), 20)
      await pass(60)
      check('What fired', log, ['first', 'second', 'third'])
    }),
    each('a timer fires once, and not before its time', async ({ clock, pass, log }) => {
      const start = clock.now()
      clock.setTimeout(() => log.push(String(clock.now() - start)), 50)
      await pass(1)
      // On a busy machine more may have passed.
      if (clock.now() - start < 50) check('What fired before its time', log, [])
      await pass(200)
      check('How often it fired', log.length, 1)
      // A clock that counts whole milliseconds may have begun within one.
      checkThat(Number(log[0]) >= 49, `at least 50 ms to have passed, got ${log[0]}`)
    }),
    each('a timer that was cleared never fires, whoever clears it and when', async ({ clock, pass, log }) => {
      clock.clearTimeout(clock.setTimeout(() => log.push('cleared at once'), 20))
      const later = clock.setTimeout(() => log.push('cleared by a timer'), 60)
      clock.setTimeout(() => clock.clearTimeout(later), 20)
      const fired = clock.setTimeout(() => log.push('kept'), 40)
      await pass(150)
      // Of one that has fired nothing is left to clear.
      clock.clearTimeout(fired)
      await pass(20)
      check('What fired', log, ['kept'])
    }),
    each('no time at all is still later, and so is an immediate', async ({ clock, pass, log }) => {
      clock.setTimeout(() => log.push('zero'), 0)
      clock.setImmediate(() => log.push('immediate'))
      log.push('now')
      await pass(20)
      check('What came first', log[0], 'now')
      check('What came at all', [...log].sort(), ['immediate', 'now', 'zero'])
    }),
    each('an immediate comes after what is done already, and one made in it comes later still', async (given) => {
      const { clock, pass, log } = given
      clock.setImmediate(() => {
        log.push('first')
        clock.setImmediate(() => log.push('inner'))
        void Promise.resolve().then(() => log.push('promise'))
      })
      clock.setImmediate(() => log.push('second'))
      void Promise.resolve().then(() => log.push('before'))
      await pass(20)
      await pass(20)
      check('What came first and last', [log[0], log.at(-1)], ['before', 'inner'])
      checkThat(
        log.indexOf('first') < log.indexOf('second'),
        `immediates in the order of their making, got ${log.join()}`,
      )
      checkThat(
        log.indexOf('promise') < log.indexOf('inner'),
        `promises to settle before a later turn, got ${log.join()}`,
      )
    }),
    each('a timer that is set in a timer fires in its turn', async ({ clock, pass, log }) => {
      clock.setTimeout(() => {
        log.push('outer')
        clock.setTimeout(() => log.push('inner'), 20)
      }, 20)
      await pass(150)
      check('What fired', log, ['outer', 'inner'])
    }),
    each('promises settle between two timers', async ({ clock, pass, log }) => {
      clock.setTimeout(() => {
        log.push('first')
        void Promise.resolve().then(() => log.push('promise'))
      }, 20)
      clock.setTimeout(() => log.push('second'), 20)
      await pass(80)
      check('What happened', log, ['first', 'promise', 'second'])
    }),
    each('now never goes back, and goes on with the timers', async ({ clock, pass, log }) => {
      const times = [clock.now()]
      for (const ms of [0, 10, 30, 60]) clock.setTimeout(() => times.push(clock.now()), ms)
      await pass(150)
      times.push(clock.now())
      check('How many timers fired', times.length, 6)
      check(
        'The times in order',
        times,
        [...times].sort((a, b) => a - b),
      )
      checkThat((times[5] as number) - (times[0] as number) >= 149, `150 ms to have passed on it, got ${times.join()}`)
      check('What else happened', log, [])
    }),
    each('a timer may be told to keep nobody waiting, where the clock knows of that', async ({ clock, pass, log }) => {
      const timer = clock.setTimeout(() => log.push('fired'), 20)
      timer.unref?.()
      timer.ref?.()
      await pass(80)
      check('What fired', log, ['fired'])
    }),
  ]
}
