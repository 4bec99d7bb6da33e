/** Failures as thrown errors that say what was expected and what came: no test runner is needed to read them. */

/** Deep equality, with the kind of each member: a Map is no object, a Float32Array no Float64Array. */
export function check(what: string, got: unknown, expected: unknown): void {
  const path = difference(got, expected, '')
  if (path === undefined) return
  const where = path === '' ? '' : ` (they differ at ${path})`
  throw new Error(`${what}: expected ${show(expected)}, got ${show(got)}${where}`)
}

export function checkThat(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Expected ${what}`)
}

/** What `action` throws, or rejects with; fails when it does neither. */
export async function failureOf(what: string, action: () => unknown): Promise<unknown> {
  let value: unknown
  try {
    value = await action()
  } catch (error) {
    return error
  }
  throw new Error(`${what}: expected a failure, got ${show(value)}`)
}

export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}

/** Where two values differ first; undefined when nowhere. By tags, never by `instanceof`: values come from other realms. */
function difference(got: unknown, expected: unknown, path: string): string | undefined {
  if (Object.is(got, expected)) return undefined
  if (typeof got !== 'object' || typeof expected !== 'object' || got === null || expected === null) return path || ''
  if (tagOf(got) !== tagOf(expected)) return path
  const [left, right] = [partsOf(got), partsOf(expected)]
  if (left.length !== right.length) return `${path}.length`
  for (let index = 0; index < left.length; index += 1) {
    const [key, value] = left[index] as [string, unknown]
    const [otherKey, other] = right[index] as [string, unknown]
    if (key !== otherKey) return `${path}.${key}`
    const found = difference(value, other, `${path}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}

function partsOf(value: object): [key: string, part: unknown][] {
  const tag = tagOf(value)
  if (tag === 'Map')
    return [...(value as Map<unknown, unknown>)].flatMap(([key, item], at) => [
      pair('key', at, key),
      pair('item', at, item),
    ])
  if (tag === 'Set') return [...(value as Set<unknown>)].map((item, at) => pair('item', at, item))
  if (tag === 'Date') return [['time', (value as Date).getTime()]]
  if (tag === 'RegExp') return [['source', String(value)]]
  if (ArrayBuffer.isView(value)) return bytesOf(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  if (tag === 'ArrayBuffer') return bytesOf(new Uint8Array(value as ArrayBuffer))
  if (tag === 'Error') {
    const { name, message, cause } = value as Error
    return [['name', name], ['message', message], ['cause', cause], ...ownFields(value)]
  }
  return Array.isArray(value) ? value.map((item, at) => pair('', at, item)) : ownFields(value)
}

const pair = (what: string, at: number, part: unknown): [string, unknown] => [`${what}${at}`, part]

/** Bytes are compared as text: a list of millions of pairs would take seconds. */
const bytesOf = (bytes: Uint8Array): [string, unknown][] => [
  ['size', bytes.length],
  ['bytes', bytes.join()],
]

const ownFields = (value: object): [string, unknown][] => Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))

const MOST = 200

export function show(value: unknown): string {
  const text = describe(value)
  return text.length > MOST ? `${text.slice(0, MOST)}… (${text.length} characters)` : text
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object' || value === null) return String(value)
  const tag = tagOf(value)
  if (tag === 'Error') return `${(value as Error).name}: ${(value as Error).message}`
  if (ArrayBuffer.isView(value)) return `${tag} of ${value.byteLength} bytes`
  if (tag !== 'Object' && tag !== 'Array') return `${tag} of ${partsOf(value).length}`
  try {
    return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item))
  } catch {
    return tag
  }
}
