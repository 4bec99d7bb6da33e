/** The small message of all rounds: 56 bytes as JSON. */
export interface Small {
  readonly id: number
  readonly name: string
  readonly tags: readonly [string, string]
  readonly value: number
}

export function small(id: number): Small {
  return { id, name: 'sensor-7', tags: ['a', 'b'], value: id * 0.5 }
}
