/**
 * What happens in a process, told to whoever subscribes to the channels of `node:diagnostics_channel`: names and shapes are
 * public, see docs/diagnostics.md. The module is taken from the runtime, since core imports nothing of Node; where it is
 * not to be had, nothing is told. A message is built only for a channel that has subscribers.
 */
export type DiagnosticsName =
  | 'troupe:actor:spawn'
  | 'troupe:actor:down'
  | 'troupe:actor:restart'
  | 'troupe:actor:deadletter'
  | 'troupe:host:up'
  | 'troupe:host:down'
  | 'troupe:pool:task:start'
  | 'troupe:pool:task:end'

/** As `node:diagnostics_channel` has it. */
export interface DiagnosticsChannel {
  readonly hasSubscribers: boolean
  publish(message: unknown): void
}

/** The channel of that name, the same for everyone in this process. Whoever publishes keeps it. */
export function diagnosticsChannel(name: DiagnosticsName): DiagnosticsChannel {
  const { process } = globalThis as { process?: Runtime }
  return process?.getBuiltinModule?.('node:diagnostics_channel')?.channel(name) ?? SILENT
}

interface Runtime {
  /** Since Node 20.16 and 22.3. */
  getBuiltinModule?(id: string): { channel(name: string): DiagnosticsChannel } | undefined
}

const SILENT: DiagnosticsChannel = { hasSubscribers: false, publish: () => undefined }
