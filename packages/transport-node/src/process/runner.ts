/** The actor of a process that runs one function: it ends when that has settled and nothing is left in its loop. */
import type { ActorDefinition, Context } from '@troupe/core'
import { defineActor, processRecord } from '@troupe/core/lean'

export interface RunnerInput {
  readonly url: string
  readonly export: string
  readonly args: readonly unknown[]
  readonly name: string
}

export interface RunnerProtocol {
  run(): Promise<void>
}

interface State {
  readonly args: readonly unknown[]
  readonly run: (...args: readonly unknown[]) => unknown
}

export const runner: ActorDefinition<RunnerInput, RunnerProtocol> = defineActor.for<RunnerProtocol>()({
  init: async ({ url, export: exported, args, name }: RunnerInput): Promise<State> => {
    const record = processRecord()
    record.processName = name
    const run = await record.load?.(url, exported)
    if (typeof run !== 'function')
      throw new TypeError(`The export '${exported}' of ${url} is no function, but ${typeof run}`)
    return { args, run: run as State['run'] }
  },
  on: {
    async run({ run, args }, _: undefined, ctx: Context): Promise<void> {
      await run(...args)
      await new Promise<void>((resolve) => {
        ;(processRecord().whenIdle ?? queueMicrotask)(resolve)
      })
      // A code that the function has set is the end that it wants.
      if (process.exitCode !== undefined && Number(process.exitCode) !== 0) process.exit()
      ctx.exit()
    },
  },
})
