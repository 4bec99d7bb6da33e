/** What a reaper kills and what it leaves alone; when its shell starts, ends, and is replaced. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { reap, Reaper, REAPER_FUNCTIONS, REAPER_SCRIPT } from '@troupe/transport-node/internal'
import { isAlive, until } from '../stories/support.js'
import { reapersOf } from '../support/reapers.js'

const sleepers: ChildProcess[] = []

function sleeper(): ChildProcess & { pid: number } {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  sleepers.push(child)
  return child as ChildProcess & { pid: number }
}

async function end(...children: ChildProcess[]): Promise<void> {
  const running = children.filter((child) => child.exitCode === null && child.signalCode === null)
  const ends = running.map((child) => once(child, 'exit'))
  for (const child of running) child.kill('SIGKILL')
  await Promise.all(ends)
}

afterEach(() => end(...sleepers.splice(0)))

const known = ['/bin/sh', '/bin/dash', '/bin/bash', '/bin/busybox', '/bin/zsh'].filter((path) => existsSync(path))
/** Each once: sh is a link to another on many machines. */
const shells = [...new Map(known.reverse().map((path) => [realpathSync(path), path])).values()]
/** How each of them is when it is called sh. */
const asSh: Record<string, string[]> = {
  '/bin/bash': ['--posix'],
  '/bin/busybox': ['sh'],
  '/bin/zsh': ['--emulate', 'sh'],
}
const ways = process.platform === 'linux' ? ['by_proc', 'by_ps'] : ['by_ps']

describe.each(shells)('the script in %s', (shell) => {
  const run = (script: string): string =>
    execFileSync(shell, [...(asSh[shell] ?? []), '-c', REAPER_FUNCTIONS + script], { encoding: 'utf8' }).trim()

  test('kills at the end of its input whom it was told of, and who has not exited', async () => {
    const [left, exited, again, unknown] = [sleeper(), sleeper(), sleeper(), sleeper()]
    const reaper = spawn(shell, [...(asSh[shell] ?? []), '-c', REAPER_SCRIPT], {
      stdio: ['pipe', 'inherit', 'inherit'],
    })
    const ended = once(reaper, 'exit')
    const lines = [`+ ${left.pid}`, `+ ${exited.pid}`, `+ ${again.pid}`, `- ${exited.pid}`, `- ${again.pid}`]
    reaper.stdin.end([...lines, `+ ${again.pid}`, ''].join('\n'))
    await ended
    await until(() => !isAlive(left.pid) && !isAlive(again.pid), 'those two are gone')
    expect([exited, unknown].map(({ pid }) => isAlive(pid))).toEqual([true, true])
  })

  test.each(ways)('does not kill a stranger who has the number now: another start, %s', async (way) => {
    const { pid } = sleeper()
    run(`started() { ${way} "$1"; }; kept="${pid}:1"; reap`)
    expect(isAlive(pid)).toBe(true)
    run(`started() { ${way} "$1"; }; keep ${pid}; reap`)
    await until(() => !isAlive(pid), 'the process itself is gone')
  })

  test.each(ways)('keeps nobody who is not there, %s', async (way) => {
    const gone = sleeper()
    await end(gone)
    expect(run(`started() { ${way} "$1"; } 2>/dev/null; keep ${gone.pid} 2>/dev/null; echo "($kept)"`)).toBe('()')
  })
})

const onLinux = process.platform === 'linux' ? test : test.skip

onLinux('the start of a process is found behind whatever name it has', async () => {
  const code = `process.title = ') R (1 2 3'; console.log(1); setInterval(() => undefined, 1_000)`
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  sleepers.push(child)
  await once(child.stdout, 'data')
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
  expect(stat).toContain('() R (1 2 3)')
  const start = stat.slice(stat.lastIndexOf(')')).split(' ')[20]
  expect(
    execFileSync('/bin/sh', ['-c', `${REAPER_FUNCTIONS} keep ${child.pid}; echo $kept`], { encoding: 'utf8' }),
  ).toBe(`${child.pid}:${start}\n`)
})

describe('the shell', () => {
  const shell = (): number[] => reapersOf(process.pid)

  test('starts with the first child, ends with the last, and starts again with the next', async () => {
    await until(() => shell().length === 0, 'none is there yet')
    for (let round = 0; round < 2; round += 1) {
      const [one, two] = [sleeper(), sleeper()]
      reap(one)
      reap(two)
      expect(shell()).toHaveLength(1)
      await end(one)
      expect(shell()).toHaveLength(1)
      await end(two)
      await until(() => shell().length === 0, 'it has ended', 1_000)
    }
  })

  test('that is killed over and over is given up, told once, until the next child', async () => {
    const told = await stderrOf(async (told) => {
      const [one, two] = [sleeper(), sleeper()]
      reap(one)
      while (told.length === 0) {
        for (const pid of shell()) process.kill(pid, 'SIGKILL')
        await new Promise((resolve) => setImmediate(resolve))
      }
      expect(shell().filter(isAlive)).toEqual([])
      reap(two)
      await until(() => shell().length === 1, 'the next child has one')
      await end(one, two)
    })
    expect(told).toEqual([expect.stringContaining('killed too often')])
  })

  test('that is not there is told of once, with what is lost', async () => {
    const told = await stderrOf(async (told) => {
      const reaper = new Reaper('/no/such/sh')
      for (const { pid } of [sleeper(), sleeper()]) reaper.add(pid)
      await until(() => told.length > 0, 'it is told')
      reaper.add(sleeper().pid)
      for (const { pid } of sleepers) reaper.remove(pid as number)
      await new Promise((resolve) => setImmediate(resolve))
    })
    expect(told).toEqual([expect.stringMatching(/^Troupe: \/no\/such\/sh does not run \(.*ENOENT\)\. If .* is killed/)])
  })
})

/** What was written to stderr by way of the console while `use` ran. */
async function stderrOf(use: (told: string[]) => Promise<void>): Promise<string[]> {
  const told: string[] = []
  const { error } = console
  console.error = (text: string) => void told.push(text)
  try {
    await use(told)
  } finally {
    console.error = error
  }
  return told
}
