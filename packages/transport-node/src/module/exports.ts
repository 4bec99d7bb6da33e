import { NotPortableError } from '@troupe/core'

/** The namespace of a module. */
export type ModuleExports = Readonly<Record<string, unknown>>

/**
 * An export by its name; of a CommonJS module also what only its `module.exports` has.
 *
 * @throws NotPortableError with the names that there are.
 */
export function pick(exports: ModuleExports, url: string, name: string): unknown {
  const whole = exports['default']
  // What was compiled from `export default` to CommonJS has it one level deeper.
  if (name === 'default' && isCompiled(whole)) return whole['default']
  if (Object.hasOwn(exports, name)) return exports[name]
  if (hasMembers(whole) && isEnumerable(whole, name)) return whole[name]
  throw new NotPortableError({
    what: `'${name}' of ${url}`,
    problem: 'the module has no such export',
    cure: `It exports: ${namesOf(exports).join(', ') || 'nothing'}`,
  })
}

const hasMembers = (value: unknown): value is ModuleExports =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'

/** `name` and `length` of a function are nothing that its author exports. */
const isEnumerable = (value: ModuleExports, name: string): boolean =>
  Object.prototype.propertyIsEnumerable.call(value, name)

const isCompiled = (whole: unknown): whole is ModuleExports =>
  hasMembers(whole) && whole['__esModule'] === true && Object.hasOwn(whole, 'default')

/** Newer versions of Node show a CommonJS module as a whole under the last of these names too. */
const NO_NAMES = new Set(['__esModule', 'module.exports'])

function namesOf(exports: ModuleExports): string[] {
  const whole = exports['default']
  const members = hasMembers(whole) && !Array.isArray(whole) ? Object.keys(whole) : []
  return [...new Set([...Object.keys(exports), ...members])].filter((name) => !NO_NAMES.has(name))
}
