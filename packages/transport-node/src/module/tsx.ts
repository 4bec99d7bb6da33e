/** Finds tsx where the user has it, and lets it read this process's modules from now on. It is no dependency of ours. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ModuleExports } from './exports.js'

export interface Tsx {
  /** Imports a module, and all that it imports, apart from what the process has loaded or failed to load so far. */
  importApart(url: string): Promise<ModuleExports>
}

/** @returns undefined when it is not installed: beside the module, in the working directory, or as a flag of this process. */
export async function registerTsx(url: string): Promise<Tsx | undefined> {
  const manifest = findManifest([url, ...workingDirectory(), ...process.execArgv.flatMap(filesIn)])
  const modules = manifest && (await importApi<ModuleApi>(manifest, './esm/api'))
  if (!modules) return undefined
  modules.register()
  // On Node 20 the TypeScript of a CommonJS package is read by require() alone.
  const scripts = await importApi<ScriptApi>(manifest, './cjs/api')
  scripts?.register()
  let apart: Namespace | undefined
  return {
    importApart(url) {
      apart ??= modules.register({ namespace: 'troupe' })
      return apart.import(url, url)
    },
  }
}

interface ModuleApi {
  register(): unknown
  register(options: { readonly namespace: string }): Namespace
}

interface Namespace {
  import(url: string, parent: string): Promise<ModuleExports>
}

interface ScriptApi {
  register(): unknown
}

/** @param from files, or folders with a slash at the end, as paths or URLs */
function findManifest(from: readonly string[]): string | undefined {
  for (const place of from) {
    try {
      return createRequire(place).resolve('tsx/package.json')
    } catch {
      // Not seen from there.
    }
  }
  return undefined
}

/** It may have been removed. */
function workingDirectory(): string[] {
  try {
    return [join(process.cwd(), '/')]
  } catch {
    return []
  }
}

/** `--import file:///…/tsx/dist/loader.mjs`, `--require=/…/preflight.cjs`: tsx finds itself from its own files. */
function filesIn(flag: string): string[] {
  const value = flag.startsWith('-') ? flag.slice(flag.indexOf('=') + 1) : flag
  return value.startsWith('file:') || isAbsolute(value) ? [value] : []
}

/**
 * By the file that tsx names for `import`. Resolving the name would do what `require` does, and register nothing; and
 * importing `tsx` itself does not register in a worker thread of Node 20.
 */
async function importApi<Api>(manifest: string, entry: string): Promise<Api | undefined> {
  const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { exports?: Record<string, unknown> }
  const file = forImport(exports?.[entry])
  if (file === undefined) return undefined
  return import(/* webpackIgnore: true */ /* @vite-ignore */ pathToFileURL(join(dirname(manifest), file)).href)
}

function forImport(target: unknown): string | undefined {
  if (typeof target === 'string') return target
  const conditions = Object(target) as { import?: unknown; default?: unknown }
  const next = conditions.import ?? conditions.default
  return next === undefined ? undefined : forImport(next)
}
