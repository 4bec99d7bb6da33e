/** Where an actor lives: its host, its number there, and which of its lives. Numbers are never reused. */
export interface Address {
  readonly host: number
  readonly actor: number
  readonly incarnation: number
}

/** The root of a system is host 1; it numbers all others. */
export const ROOT_HOST = 1

/** `1.7`: stable for all lives of an actor, unique within its system. */
export function idOf({ host, actor }: Address): string {
  return `${host}.${actor}`
}
