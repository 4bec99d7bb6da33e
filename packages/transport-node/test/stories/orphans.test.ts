/** A program that vanishes leaves nothing, whatever its processes are busy with: a reaper sees to it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { reapersOf } from '../support/reapers.js'
import { actors, isAlive, stopSystems, testSystem, until } from './support.js'

const PROGRAM = fileURLToPath(new URL('../fixtures/orphans.js', import.meta.url))

interface Program {
  readonly pid: number
  /** Of the processes below it, its reapers not among them. */
  readonly pids: readonly number[]
  readonly ended: Promise<unknown>
}

/** In a group of its own, as a shell starts it from a terminal. */
async function program(mode: string): Promise<Program> {
  const child = spawn(process.execPath, [PROGRAM, mode], { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  const ended = once(child, 'exit')
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { pid: child.pid as number, pids: JSON.parse(line) as number[], ended }
}

const reapersIn = ({ pid, pids }: Program): number[] => [pid, ...pids].flatMap(reapersOf)

async function allGone({ pids, ended }: Program, reapers: readonly number[]): Promise<void> {
  await ended
  await until(() => pids.every((pid) => !isAlive(pid)), 'all processes are gone', 2_000)
  await until(() => reapers.every((pid) => !isAlive(pid)), 'the reapers are gone', 1_000)
}

test('idle and busy processes, and those that they have started, are gone 2 s after the SIGKILL of their program', async () => {
  const all = await program('each')
  const reapers = reapersIn(all)
  expect(all.pids).toHaveLength(7)
  expect(all.pids.filter((pid) => !isAlive(pid))).toEqual([])
  expect(reapers).toHaveLength(3)
  process.kill(all.pid, 'SIGKILL')
  await allGone(all, reapers)
})

test.each([
  ['that exits', (pid: number) => process.kill(pid, 'SIGUSR1')],
  ['whose whole group is interrupted', (pid: number) => process.kill(-pid, 'SIGINT')],
])('a program %s takes its busy process along', async (_, end) => {
  const one = await program('one')
  const reapers = reapersIn(one)
  expect(reapers).toHaveLength(1)
  end(one.pid)
  await allGone(one, reapers)
})

test('signals that ask for an end do not end a reaper; one that is killed is replaced, and the new one does its work', async () => {
  const one = await program('one')
  const [reaper] = reapersIn(one) as [number]
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.kill(reaper, signal)
  expect(reapersIn(one)).toEqual([reaper])
  process.kill(reaper, 'SIGKILL')
  await until(() => reapersIn(one).some((pid) => pid !== reaper), 'another reaper')
  const reapers = reapersIn(one)
  process.kill(one.pid, 'SIGKILL')
  await allGone(one, reapers)
})

test.each(['SIGKILL to the program', 'the end of the thread'])(
  'a busy process that a thread has started is gone after %s',
  async (end) => {
    const thread = await program('thread')
    const reapers = reapersIn(thread)
    expect(thread.pids).toHaveLength(1)
    expect(reapers).toHaveLength(1)
    process.kill(thread.pid, end === 'the end of the thread' ? 'SIGUSR2' : 'SIGKILL')
    if (end !== 'the end of the thread') return allGone(thread, reapers)
    await allGone({ ...thread, ended: Promise.resolve() }, reapers)
    process.kill(thread.pid, 'SIGKILL')
    await thread.ended
  },
)

test('a process has one reaper for all its systems, and none within 1 s of its last process', async () => {
  const [{ system }, { system: other }] = [testSystem(), testSystem()]
  expect(reapersOf(process.pid)).toEqual([])
  await Promise.all([system, other].map((each) => each.spawn(actors.counter, { start: 1 })))
  expect(reapersOf(process.pid)).toHaveLength(1)
  await system.stop()
  expect(reapersOf(process.pid)).toHaveLength(1)
  await stopSystems()
  await until(() => reapersOf(process.pid).length === 0, 'no reaper is left', 1_000)
})
