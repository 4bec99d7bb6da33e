/** Loads exports in a child: only of modules that the parent announced, and with errors that say what was there. */
import { NotPortableError } from '@troupe/core'
import { type Loader, processRecord } from '@troupe/core/internal'

export class ModuleLoader implements Loader {
  readonly #announced = new Set<string>()

  announce(url: string): void {
    this.#announced.add(String(url))
  }

  async load(url: string, name: string): Promise<unknown> {
    if (!this.#announced.has(url)) {
      const problem = 'the parent of this process has not announced its module'
      throw new NotPortableError({ what: `'${name}' of ${url}`, problem, cure: 'Name it with remote() in the parent' })
    }
    const { evaluating } = processRecord()
    evaluating.add(url)
    try {
      return pick(await import(/* webpackIgnore: true */ /* @vite-ignore */ url), url, name)
    } finally {
      evaluating.delete(url)
    }
  }
}

/** An export; of a CommonJS module also what only its `module.exports` has. */
function pick(exports: Record<string, unknown>, url: string, name: string): unknown {
  if (Object.hasOwn(exports, name)) return exports[name]
  const whole = exports['default'] as Record<string, unknown> | undefined
  if ((typeof whole === 'object' || typeof whole === 'function') && whole !== null && Object.hasOwn(whole, name)) {
    return whole[name]
  }
  throw new NotPortableError({
    what: `'${name}' of ${url}`,
    problem: 'the module has no such export',
    cure: `It exports: ${Object.keys(exports).join(', ') || 'nothing'}`,
  })
}
