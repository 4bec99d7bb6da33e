/**
 * Threads take some of Node's flags only, and which ones depends on its version: those of V8 and of the whole process are
 * refused when the thread is made. It has them anyway, for it runs in that process. So what is refused is left out.
 */

type Env = Readonly<Record<string, string | undefined>>

/** What `make` returns with as many of the flags as it takes. Throws what it throws for other reasons. */
export function withoutRefused<T>(
  execArgv: readonly string[],
  env: Env,
  make: (execArgv: readonly string[], env: Env) => T,
): T {
  try {
    return make(execArgv, env)
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown }
    if (code !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error
    if (String(message).includes('NODE_OPTIONS')) {
      const { NODE_OPTIONS, ...rest } = env
      if (NODE_OPTIONS === undefined) throw error
      return withoutRefused(execArgv, rest, make)
    }
    const kept = without(refusedIn(String(message)), execArgv)
    if (kept.length === execArgv.length) throw error
    return withoutRefused(kept, env, make)
  }
}

/** The flags that Node's message names: '… invalid execArgv flags: --title=x, --expose-gc'. */
const refusedIn = (message: string): Set<string> => new Set(message.match(/--?[^\s,]+/g))

/** A flag goes with a value that stands apart. */
function without(refused: Set<string>, execArgv: readonly string[]): string[] {
  const kept: string[] = []
  for (let index = 0; index < execArgv.length; index += 1) {
    const flag = execArgv[index] as string
    if (!refused.has(flag)) kept.push(flag)
    else if (execArgv[index + 1]?.startsWith('-') === false) index += 1
  }
  return kept
}
