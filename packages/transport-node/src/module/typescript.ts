/**
 * What a plain import does not load, though its author would expect it to: TypeScript on a Node that reads none or not
 * all of it, and the `.ts` behind the name of a `.js` that was never compiled. Node's own type stripping goes first, since
 * it has been tried by then; tsx is used where it is installed; else the error names the ways out.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { NotPortableError } from '@troupe/core'
import type { ModuleExports } from './exports.js'
import { registerTsx, type Tsx } from './tsx.js'

export class TypeScript {
  /** Looked for once, by the first module that needs it. */
  #tsx: Promise<Tsx | undefined> | undefined

  /**
   * @param error what the plain import of `url` has thrown
   * @param url of a file
   */
  async importAfter(error: unknown, url: string): Promise<ModuleExports> {
    if (!existsSync(fileURLToPath(url))) return this.#importTwin(error, url)
    if (!isOfTypeScript(error, url)) throw error
    this.#tsx ??= registerTsx(url)
    const tsx = await this.#tsx
    if (tsx === undefined) throw isForOthers(error) ? error : unreadable(error, url)
    try {
      return await import(/* webpackIgnore: true */ /* @vite-ignore */ again(url))
    } catch (cause) {
      // Node 20 remembers also that a module which this one imports had failed, under the name that it has for it.
      if (isUnknownFile(cause)) return tsx.importApart(url)
      throw cause
    }
  }

  /** `x.js` may name what is only there as `x.ts`. */
  async #importTwin(error: unknown, url: string): Promise<ModuleExports> {
    const twin = twinOf(url)
    if (twin === undefined || !existsSync(fileURLToPath(twin))) throw missing(error, url, twin)
    try {
      return await import(/* webpackIgnore: true */ /* @vite-ignore */ twin)
    } catch (cause) {
      return this.importAfter(cause, twin)
    }
  }
}

/**
 * A second name for the file: Node remembers under the first one that it failed. A fragment and not a query, which is
 * taken for a part of the file's name where the file is CommonJS.
 */
function again(url: string): string {
  const other = new URL(url)
  other.hash = 'tsx'
  return other.href
}

function twinOf(url: string): string | undefined {
  const twin = new URL(url)
  if (!/\.[cm]?js$/.test(twin.pathname)) return undefined
  twin.pathname = twin.pathname.replace(/js$/, 'ts')
  return twin.href
}

interface LoadError {
  readonly code?: unknown
  readonly message?: unknown
  /** Of a module that was not found. */
  readonly url?: unknown
}

/** Whether another reader of TypeScript may do better. All of these are thrown before any of the module's code has run. */
function isOfTypeScript(error: unknown, url: string): boolean {
  const { code, message } = Object(error) as LoadError
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return true
  if (isUnknownFile(error)) return true
  if (!/\.[cm]?tsx?$/.test(new URL(url).pathname)) return false
  return WITHIN_TYPESCRIPT.has(String(code)) || UNSTRIPPED.test(String(message))
}

function isUnknownFile(error: unknown): boolean {
  const { code, message } = Object(error) as LoadError
  return code === 'ERR_UNKNOWN_FILE_EXTENSION' && /"\.[cm]?tsx?"/.test(String(message))
}

const WITHIN_TYPESCRIPT = new Set([
  'ERR_INVALID_TYPESCRIPT_SYNTAX',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
  // `./x.js` for `./x.ts`, names without an ending, and the aliases of a tsconfig.
  'ERR_MODULE_NOT_FOUND',
  'ERR_UNSUPPORTED_DIR_IMPORT',
])

/** Stripping leaves `import` and `export` in a CommonJS file, and imports of types that do not say that they are types. */
const UNSTRIPPED =
  /^(Cannot use import statement outside a module|Unexpected token 'export'|Cannot use 'import\.meta' outside a module|The requested module .* does not provide an export named)/

/** A mistake in the module, or a module that it misses: nothing that a reader of TypeScript would mend. */
function isForOthers(error: unknown): boolean {
  const { code, url } = Object(error) as LoadError
  if (code === 'ERR_INVALID_TYPESCRIPT_SYNTAX' || code === 'ERR_UNSUPPORTED_DIR_IMPORT') return true
  if (code !== 'ERR_MODULE_NOT_FOUND') return false
  const twin = typeof url === 'string' && url.startsWith('file:') ? twinOf(url) : undefined
  return twin === undefined || !existsSync(fileURLToPath(twin))
}

function unreadable(error: unknown, url: string): NotPortableError {
  const { node } = process.versions
  // Not known to the types of Node 20.
  const strips = Boolean((process.features as { typescript?: unknown }).typescript)
  const native = strips
    ? 'Write only what Node can strip, with `import type` and the file names as they are'
    : 'Run it on Node 22.18 or later, which reads most TypeScript'
  return new NotPortableError(
    {
      what: `The module ${url}`,
      problem: `Node ${node} does not read its TypeScript (${String(Object(error).message)}), and tsx is not installed`,
      cure: `${native}; or install tsx (npm install --save-dev tsx); or compile it and name the .js file`,
    },
    { cause: error },
  )
}

/** As Node's own, by which programs know it. */
function missing(error: unknown, url: string, twin: string | undefined): Error {
  const looked = [url, ...(twin === undefined ? [] : [twin])].map((each) => fileURLToPath(each)).join(' and ')
  const cure = 'Check the URL given to remote(); a bundler must leave the file of a task in its place'
  const message = `The module ${url} is missing: there is no such file (looked for ${looked}). ${cure}`
  return Object.assign(new Error(message, { cause: error }), { code: 'ERR_MODULE_NOT_FOUND', url })
}
