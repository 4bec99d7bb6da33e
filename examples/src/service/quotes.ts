/** A process over something that cannot be trusted: it ends, without a word, at every fortieth question of a life. */
import { defineActor } from '@troupe/core'

export interface Quotes {
  quote(): string
}

const LASTS = 40
const quotes = ['Let it crash.', 'Make it work, then make it beautiful.', 'Failure is an event like any other.']

export const flaky = defineActor.for<Quotes>()({
  init: () => ({ asked: 0 }),
  on: {
    quote(state) {
      state.asked += 1
      if (state.asked === LASTS) process.exit(1)
      return quotes[state.asked % quotes.length] ?? ''
    },
  },
})
