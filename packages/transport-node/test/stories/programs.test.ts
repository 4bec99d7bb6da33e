/** How a program ends: its processes end with it, and only what is pending keeps it alive. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { isAlive, until, within } from './support.js'

const PROGRAM = fileURLToPath(new URL('../fixtures/program.js', import.meta.url))
/** A program that does not end by itself would hang the test; starting one takes time. */
const ENDS = 10_000

function program(mode: string): { child: ChildProcess; lines: AsyncIterator<string>; ended: Promise<unknown[]> } {
  const child = spawn(process.execPath, [PROGRAM, mode], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  return { child, lines, ended: once(child, 'exit') }
}

const next = async (lines: AsyncIterator<string>): Promise<any> => JSON.parse((await lines.next()).value as string)

test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
  'idle processes, and those that they have started, are gone after their program was ended by %s',
  async (signal) => {
    const { child, lines, ended } = program('family')
    const pids = (await next(lines)) as number[]
    expect(pids).toHaveLength(3)
    expect(pids.filter((pid) => !isAlive(pid))).toEqual([])
    child.kill(signal)
    await ended
    await until(() => pids.every((pid) => !isAlive(pid)), 'all processes are gone', 2_000)
  },
)

test('a program that exits takes its processes along', async () => {
  const { lines, ended } = program('exit')
  const pid = await next(lines)
  expect(await within(ENDS, ended)).toEqual([0, null])
  await until(() => !isAlive(pid), 'the process is gone', 2_000)
})

async function endsByItself(mode: string): Promise<void> {
  const { lines, ended } = program(mode)
  const pid = await next(lines)
  expect(await within(ENDS, ended)).toEqual([0, null])
  expect((await lines.next()).done).toBe(true)
  await until(() => !isAlive(pid), 'the process is gone', 2_000)
}

test('an idle system, a subscriber of events and a look at `exited` do not keep a program alive', () =>
  endsByItself('idle'))

test('launched hosts with idle actors do not keep a program alive', () => endsByItself('launched'))

test.each([
  ['ask', 'answered'],
  ['ready', 'ready'],
  ['stop', { type: 'shutdown' }],
])('a pending %s keeps the program alive until it has settled', async (mode, said) => {
  const { lines, ended } = program(mode)
  expect(await next(lines)).toEqual(said)
  expect(await within(ENDS, ended)).toEqual([0, null])
})

test('a program without a file descriptor left is told so by that spawn, and goes on', async () => {
  const child = spawn('sh', ['-c', `ulimit -n 200; exec "$0" "$@"`, process.execPath, PROGRAM, 'descriptors'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const { code, message } = await next(lines)
  expect(code).toBe('EMFILE')
  expect(message).toContain('ulimit -n')
  expect(await next(lines)).toBe(1)
  expect(await within(ENDS, once(child, 'exit'))).toEqual([0, null])
})
