/** Names for what other processes will load. Typed from the module, without loading it here. */
import type { ActorDefinition, Proxied, RemoteActor } from '@troupe/core'
import { DEFAULT_PLACEMENT } from '@troupe/core/internal'
import { childProcess } from '../placement/child-process.js'
import { moduleUrl } from './url.js'

/** Any function, of any arguments. */
export type AnyFunction = (...args: any) => any

interface Named {
  readonly url: string
  readonly export: string
}

/** A function to be run elsewhere, by a pool. */
export interface RemoteFunction<F extends AnyFunction = AnyFunction> extends Named {
  readonly '~function': F
}

/** A generator, or what returns an async iterable: told from functions, since its result is no data. */
export interface RemoteGenerator<F extends AnyFunction = AnyFunction> extends Named {
  readonly '~generator': F
}

/** A constant or a class; no call takes it. */
export interface RemoteValue<T> {
  readonly '~value': T
}

/** Arrays, strings, Map and Set are data, though they can be iterated. */
type Streams<R> = 0 extends 1 & R
  ? false
  : [R] extends [never]
    ? false
    : [Awaited<R>] extends [Proxied]
      ? false
      : [Awaited<R>] extends [AsyncIterable<unknown> | { next(...args: never): unknown }]
        ? true
        : [Awaited<R>] extends [{ readonly length: number } | { readonly size: number }]
          ? false
          : [Awaited<R>] extends [Iterable<unknown>]
            ? true
            : false

/** What a name stands for, by what the module exports. */
export type RemoteExport<T> = 0 extends 1 & T
  ? RemoteFunction
  : T extends ActorDefinition<infer I, infer P>
    ? RemoteActor<I, P>
    : T extends AnyFunction
      ? Streams<ReturnType<T>> extends true
        ? RemoteGenerator<T>
        : RemoteFunction<T>
      : RemoteValue<T>

/** The exports of a module. `export =` of a function stands at `default`. */
export type ExportsOf<M> = M extends AnyFunction ? M & { default: M } : M

/** The names of a module's exports. A mapped type, so that "go to definition" and JSDoc reach the module. */
export type Remote<M> = { readonly [K in keyof ExportsOf<M>]: RemoteExport<ExportsOf<M>[K]> }

/**
 * Names the exports of a module for use elsewhere: `remote<typeof import('./tasks.js')>(new URL('./tasks.js',
 * import.meta.url))`. Nothing is loaded here; that the export exists is found out where it is loaded.
 *
 * @param module a URL, a `file:` string, an absolute path, or a `node:` name; a package by `import.meta.resolve('name')`.
 * @throws NotPortableError for a bare or relative name; TypeError for what is no name at all.
 */
export function remote<M>(module: URL | string): Remote<M> {
  const url = moduleUrl(module)
  const names = new Map<string, object>()
  return new Proxy(Object.freeze({}), {
    get: (_, key) => {
      // A thenable proxy would be called by every `await` that it passes.
      if (typeof key === 'symbol' || key === 'then') return undefined
      const known = names.get(key) ?? nameOf(url, key)
      names.set(key, known)
      return known
    },
    has: (_, key) => typeof key === 'string',
  }) as Remote<M>
}

function nameOf(url: string, exported: string): object {
  return Object.freeze(Object.defineProperty({ url, export: exported }, DEFAULT_PLACEMENT, { value: childProcess }))
}
