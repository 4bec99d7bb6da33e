/**
 * Wrong arguments fail at the door, with what was expected, what came, and its type.
 * All of these throw TypeError, or RangeError where the type is right and the number is not.
 */
export function expectNumber(
  name: string,
  value: unknown,
  { min = -Infinity, max = Infinity, integer = false }: { min?: number; max?: number; integer?: boolean } = {},
): number {
  const wanted = `${integer ? 'an integer' : 'a number'}${rangeOf(min, max)}`
  if (typeof value !== 'number' || Number.isNaN(value)) throw wrongType(name, wanted, value)
  if (value < min || value > max || (integer && Number.isFinite(value) && !Number.isInteger(value))) {
    throw new RangeError(sentence(name, wanted, value))
  }
  return value
}

/** Milliseconds that a timer can hold: 0 to 2,147,483,647, or Infinity for never. */
export function expectTimeout(name: string, value: unknown): number {
  if (value === Infinity) return Infinity
  return expectNumber(name, value, { min: 0, max: 2_147_483_647 })
}

export function expectFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw wrongType(name, 'a function', value)
}

export function expectString(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw wrongType(name, 'a non-empty string', value)
  return value
}

export function expectBoolean(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw wrongType(name, 'a boolean', value)
  return value
}

export function expectOneOf<T extends string>(name: string, value: unknown, allowed: readonly T[]): T {
  if (allowed.includes(value as T)) return value as T
  throw wrongType(name, `one of ${allowed.map((text) => `'${text}'`).join(', ')}`, value)
}

/** Refuses options that nobody reads: a misspelt one would be ignored in silence. */
export function expectOptions(name: string, value: unknown, known: readonly string[]): void {
  if (value === undefined) return
  if (typeof value !== 'object' || value === null) throw wrongType(name, 'an object', value)
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) {
      throw new TypeError(`Unknown option \`${key}\` in ${name}: expected ${known.map((k) => `\`${k}\``).join(', ')}`)
    }
  }
}

export function wrongType(name: string, wanted: string, value: unknown): TypeError {
  return new TypeError(sentence(name, wanted, value))
}

function sentence(name: string, wanted: string, value: unknown): string {
  return `Expected \`${name}\` to be ${wanted}, got ${show(value)} (${typeOf(value)})`
}

function rangeOf(min: number, max: number): string {
  if (min !== -Infinity && max !== Infinity) return ` from ${min} to ${max}`
  if (min !== -Infinity) return ` of at least ${min}`
  return max === Infinity ? '' : ` of at most ${max}`
}

function show(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object' && value !== null) return value.constructor?.name ?? 'an object'
  return String(value)
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
