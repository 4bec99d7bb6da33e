import { processRecord } from '@troupe/core/internal'

/** The way to the parent keeps a child alive: without it, what is left in its loop is its own. */
export function whenIdle(way: { ref(): unknown; unref(): unknown }): void {
  processRecord().whenIdle = (call) => {
    way.unref()
    process.once('beforeExit', () => {
      way.ref()
      call()
    })
  }
}
