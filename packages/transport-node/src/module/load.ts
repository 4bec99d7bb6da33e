/** Loads exports in a child: only of modules that the parent announced, and with errors that say what was there. */
import { NotPortableError } from '@troupe/core'
import { type Loader, processRecord } from '@troupe/core/internal'
import { type ModuleExports, pick } from './exports.js'
import type { TypeScript } from './typescript.js'

export class ModuleLoader implements Loader {
  readonly #announced = new Set<string>()
  /** Modules that are loaded, and those that are being loaded for the first time. */
  readonly #modules = new Map<string, Promise<ModuleExports>>()
  #typeScript: Promise<TypeScript> | undefined

  announce(url: string): void {
    this.#announced.add(String(url))
  }

  /**
   * Rejects with NotPortableError for a module that was not announced, for TypeScript that nothing here reads, and for an
   * export that is missing; with ERR_MODULE_NOT_FOUND when there is no such file; else with what the module itself throws.
   */
  async load(url: string, name: string): Promise<unknown> {
    if (!this.#announced.has(url)) {
      const problem = 'the parent of this process has not announced its module'
      throw new NotPortableError({ what: `'${name}' of ${url}`, problem, cure: 'Name it with remote() in the parent' })
    }
    return pick(await this.#exportsOf(url), url, name)
  }

  /** Loads that come while the first is under way share it. One that has failed is tried again by the next. */
  #exportsOf(url: string): Promise<ModuleExports> {
    const known = this.#modules.get(url)
    if (known !== undefined) return known
    const first = this.#evaluate(url)
    this.#modules.set(url, first)
    return first
  }

  async #evaluate(url: string): Promise<ModuleExports> {
    const { evaluating } = processRecord()
    evaluating.add(url)
    try {
      return await this.#import(url)
    } catch (error) {
      this.#modules.delete(url)
      throw error
    } finally {
      evaluating.delete(url)
    }
  }

  async #import(url: string): Promise<ModuleExports> {
    try {
      return await import(/* webpackIgnore: true */ /* @vite-ignore */ url)
    } catch (error) {
      if (!url.startsWith('file:')) throw error
      // Most processes never get here: what reads TypeScript is loaded when it is needed.
      this.#typeScript ??= import('./typescript.js').then(({ TypeScript }) => new TypeScript())
      return (await this.#typeScript).importAfter(error, url)
    }
  }
}
