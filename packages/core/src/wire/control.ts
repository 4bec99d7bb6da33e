import { frameOf, Kind } from './frame.js'
import { decodeJson, encodeJson } from './json.js'

/** What must not wait behind messages. */
export type Control =
  | { readonly type: 'stop'; readonly actor: number; readonly timeout: number }
  | { readonly type: 'kill'; readonly actor: number }
  /** The asker of the question `ask` gave up. */
  | { readonly type: 'abandon'; readonly ask: number }

export function controlFrame(origin: number, destination: number, control: Control, flags = 0): Uint8Array {
  return frameOf({ kind: Kind.control, flags, origin, destination }, encodeJson(control))
}

/** Undefined for what is none: a newer peer may know more than we do. */
export function readControl(payload: Uint8Array): Control | undefined {
  const control = decodeJson(payload)
  const number = control?.['type'] === 'abandon' ? control['ask'] : control?.['actor']
  const known = ['stop', 'kill', 'abandon'].includes(control?.['type'] as string)
  const timed = control?.['type'] !== 'stop' || (typeof control['timeout'] === 'number' && control['timeout'] >= -1)
  return known && timed && Number.isInteger(number) ? (control as unknown as Control) : undefined
}
