import { NotPortableError } from '@troupe/core'
import { wrongType } from '@troupe/core/internal'

/** A function as it is named on the way to a worker. */
export interface TaskName {
  readonly url: string
  readonly export: string
}

/**
 * @throws NotPortableError for a function itself, which exists in this process only; TypeError for what names nothing.
 */
export function taskName(task: unknown): TaskName {
  if (typeof task === 'function') {
    throw new NotPortableError({
      what: task.name === '' ? 'A closure' : `The function ${task.name}`,
      problem: 'it exists only in this process',
      cure: "Export it from a module, and name it: remote<typeof import('./tasks.js')>(new URL('./tasks.js', import.meta.url))",
    })
  }
  const { url, export: exported } = (task ?? {}) as { url?: unknown; export?: unknown }
  if (typeof url !== 'string' || typeof exported !== 'string') throw wrongType('task', 'a remote() name', task)
  return { url, export: exported }
}

/** For errors: `resize of file:///app/images.js`. */
export const labelOf = ({ url, export: exported }: TaskName): string => `${exported} of ${url}`
