/** What a child takes over from its parent when nothing else is said: all but what belongs to debuggers and test runners. */

/** The value of these may look like a flag. */
const WITH_CODE = new Set(['-e', '--eval', '-p', '--print', '-pe'])
const DROPPED =
  /^(--inspect|--debug|--test|--watch|--experimental-test|--experimental-vm-modules|-e$|--eval|-p$|--print|-pe$|-i$|--interactive|-c$|--check|--cpu-prof|--heap-prof)/

export function inheritedExecArgv(execArgv: readonly string[]): string[] {
  const kept: string[] = []
  for (let index = 0; index < execArgv.length; index += 1) {
    const flag = execArgv[index] as string
    if (!DROPPED.test(flag)) kept.push(flag)
    else if (WITH_CODE.has(flag) || isValue(execArgv[index + 1])) index += 1
  }
  return kept
}

/** Among the flags for Node, what is none is the value of the one before. */
const isValue = (flag: string | undefined): boolean => flag?.startsWith('-') === false

const RUNNERS = [
  'NODE_TEST_CONTEXT',
  'JEST_WORKER_ID',
  'VITEST_POOL_ID',
  'VITEST_WORKER_ID',
  'VSCODE_INSPECTOR_OPTIONS',
]

export function inheritedEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = { ...env }
  for (const name of RUNNERS) delete kept[name]
  return kept
}
