/** What a child takes over from its parent when nothing else is said: all but what belongs to debuggers and test runners. */

/** The value of these may look like a flag. */
const WITH_CODE = new Set(['-e', '--eval', '-p', '--print', '-pe'])
const DROPPED =
  /^(--inspect|--debug|--test|--watch|--experimental-test|--experimental-vm-modules|-e$|--eval|-p$|--print|-pe$|-i$|--interactive|-c$|--check|--cpu-prof|--heap-prof)/
/** Vitest puts a file of its own before each of its processes. */
const LOADS = /^(-r$|--require|--import)/
const OF_VITEST = /[\\/]node_modules[\\/]vitest[\\/]/

export function inheritedExecArgv(execArgv: readonly string[]): string[] {
  const kept: string[] = []
  for (let index = 0; index < execArgv.length; index += 1) {
    const flag = execArgv[index] as string
    const loads = LOADS.test(flag) && OF_VITEST.test(flag.includes('=') ? flag : String(execArgv[index + 1]))
    if (!DROPPED.test(flag) && !loads) kept.push(flag)
    else if (WITH_CODE.has(flag) || isValue(execArgv[index + 1])) index += 1
  }
  return kept
}

/** Among the flags for Node, what is none is the value of the one before. */
const isValue = (flag: string | undefined): boolean => flag?.startsWith('-') === false

/** Of node:test, jest, vitest and the debugger of VS Code. `NODE_ENV` and `NODE_V8_COVERAGE` are for children too. */
const OF_OTHERS = /^(NODE_TEST_|JEST_WORKER_ID$|VITEST|VSCODE_INSPECTOR_OPTIONS$)/

export function inheritedEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !OF_OTHERS.test(name)))
  const options = kept['NODE_OPTIONS']
  return options === undefined ? kept : { ...kept, NODE_OPTIONS: inheritedOptions(options) }
}

/** With quotes it cannot be cut at its spaces, and stays as it is. */
function inheritedOptions(options: string): string {
  if (/["'\\]/.test(options)) return options
  return inheritedExecArgv(options.split(' ').filter((flag) => flag !== '')).join(' ')
}
