import { type ErrorClass, processRecord } from '../process/record.js'
import { wrongType } from './expect.js'

/**
 * Lets errors of `Class` arrive as `Class` when they were thrown in another process that runs the same code.
 * Call it in a module that both sides load. The class is rebuilt without its constructor, then gets its own fields.
 *
 * @throws TypeError when `Class` is no class of errors, or has no name.
 */
export function registerError(Class: ErrorClass): void {
  if (typeof Class !== 'function' || typeof Class.prototype?.message !== 'string' || Class.name === '') {
    throw wrongType('Class', 'a named class that extends Error', Class)
  }
  processRecord().errors.set(Class.name, Class)
}
