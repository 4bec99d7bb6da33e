import type { System } from '@troupe/core'
import { expectOptions } from '@troupe/core/internal'

/** Options of what processes share. */
export interface SyncOptions {
  /** Whose actor it is. Default: this process's own system. */
  readonly system?: System | undefined
}

/** @throws TypeError for others than there are. */
export function systemOf(what: string, options: SyncOptions): System | undefined {
  expectOptions(`${what} options`, options, ['system'])
  return options.system
}
