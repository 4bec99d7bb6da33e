import type { System } from '@troupe/core'
import { expectBoolean, expectOptions } from '@troupe/core/internal'
import { startKeeper } from '../proxy/keeper.js'
import { ownerOf } from '../proxy/near-end.js'
import { pipeBroker, type Side } from './broker.js'
import type { Connection, PipeReader, PipeWriter } from './connection.js'
import { PipeEnd } from './pipe-end.js'

/** Options of `createPipe`. */
export interface PipeOptions<Duplex extends boolean = boolean> {
  /** Both ends send and receive; false: the first only receives, the second only sends. Default true. */
  readonly duplex?: Duplex | undefined
  /** Whose actor the pipe is. Default: this process's own system. */
  readonly system?: System | undefined
}

/**
 * Makes a pipe: two ends, of which each belongs to one process at a time. Sent in a message to another process an end
 * moves there; the end of its process closes it. What is in the pipe, at most 256 messages a direction, lies with the
 * process that made it, and ends with that.
 *
 * @throws TypeError for wrong options.
 */
export function createPipe<T>(
  options: PipeOptions<false> & { readonly duplex: false },
): [reader: PipeReader<T>, writer: PipeWriter<T>]
export function createPipe<Out, In = Out>(options?: PipeOptions<true>): [Connection<Out, In>, Connection<In, Out>]
export function createPipe(options: PipeOptions = {}): [unknown, unknown] {
  expectOptions('createPipe options', options, ['duplex', 'system'])
  const { duplex = true, system } = options
  expectBoolean('duplex', duplex)
  return startPipe(system, duplex).ends
}

/** `gone` resolves when both ends are closed, or their processes gone. */
export function startPipe<Out, In>(
  system: System | undefined,
  duplex: boolean = true,
): { readonly ends: [Connection<Out, In>, Connection<In, Out>]; readonly gone: Promise<unknown> } {
  const ref = startKeeper(pipeBroker(), 'pipe', system)
  const end = (side: Side): PipeEnd =>
    new PipeEnd(ref, { side, epoch: 0, readable: duplex || side === 0, writable: duplex || side === 1 })
  return { ends: [end(0), end(1)], gone: ownerOf(ref).target.exited }
}
