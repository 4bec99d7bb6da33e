import type { Context } from '../definition/context.js'
import type { Behaviour } from '../definition/define.js'
import { isIgnore } from '../message/refusal.js'
import { isThenable } from '../wait/thenable.js'

/** How an actor's `init` may come out; told once. */
export interface InitOutcome {
  started(state: unknown): void
  ignored(): void
  failed(error: unknown): void
}

/** Runs `init`, which may be async. */
export function runInit(behaviour: Behaviour, input: unknown, context: Context, outcome: InitOutcome): void {
  const settled = (state: unknown): void => (isIgnore(state) ? outcome.ignored() : outcome.started(state))
  const failed = (error: unknown): void => outcome.failed(error)
  try {
    const state = behaviour.init(input, context)
    if (isThenable(state)) state.then(settled, failed)
    else settled(state)
  } catch (error) {
    failed(error)
  }
}
