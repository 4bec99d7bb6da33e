export function square(x: number): number {
  return x * x
}

export function squareAll(xs: readonly number[]): number[] {
  return xs.map(square)
}

export function echo(data: Uint8Array): Uint8Array {
  return data
}
