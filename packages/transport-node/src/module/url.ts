import { isBuiltin } from 'node:module'
import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import { NotPortableError } from '@troupe/core'
import { wrongType } from '@troupe/core/internal'

/**
 * The one spelling of a module under which all processes know it: a URL or `node:` name.
 *
 * @throws TypeError for what names no module; NotPortableError for a bare package name, which means one thing here and
 *   perhaps another there.
 */
export function moduleUrl(module: unknown): string {
  if (isUrl(module)) return module.href
  if (typeof module !== 'string' || module === '')
    throw wrongType('module', 'a URL, a file: string or an absolute path', module)
  if (module.startsWith('node:') || /^(file|data):/.test(module)) return module
  if (isAbsolute(module)) return pathToFileURL(module).href
  if (isBuiltin(module)) return `node:${module}`
  throw new NotPortableError({
    what: `The module '${module}'`,
    problem: 'a bare or relative name resolves from another place there',
    cure: `Write remote(import.meta.resolve('${module}')) for a package, remote(new URL('${module}', import.meta.url)) for a file`,
  })
}

/** By shape: a URL may come from another realm. */
function isUrl(value: unknown): value is URL {
  return typeof value === 'object' && value !== null && typeof (value as { href?: unknown }).href === 'string'
}
