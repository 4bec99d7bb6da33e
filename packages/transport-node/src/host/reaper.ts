/**
 * When a process vanishes, by SIGKILL above all, its idle children see that their channel ends. One that is busy in
 * synchronous code sees nothing. So a process that has children has a reaper: one small shell, in a session of its own, at
 * the other end of a pipe that ends with this process. It knows our children and kills what outlives us; see
 * host/reaper-script.ts, and docs/decisions/0016.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { type Budget, type ProcessReaper, processRecord, spend } from '@troupe/core/internal'
import { REAPER_SCRIPT } from './reaper-script.js'

/** Has `child` killed if it outlives this process. Costs nothing once it has exited. */
export function reap(child: ChildProcess): void {
  const { pid } = child
  if (pid === undefined) return
  const reaper = (processRecord().reaper ??= new Reaper())
  reaper.add(pid)
  child.once('exit', () => reaper.remove(pid))
}

/** Someone who kills every new shell is not fought for ever. */
const DEATHS: Budget = { intensity: 5, period: 10_000 }

/** How long it waits for another child, in milliseconds: a child that is restarted must not cost a shell as well. */
const LINGER = 250

/** The shell lives from the first child to the last, and a moment longer; one that dies meanwhile is replaced. */
export class Reaper implements ProcessReaper {
  readonly #path: string
  readonly #pids = new Set<number>()
  #shell: ChildProcess | undefined
  #lingering: NodeJS.Timeout | undefined
  #deaths: readonly number[] = []
  #warned = false

  constructor(path = '/bin/sh') {
    this.#path = path
  }

  /** To be called at its spawn, when its number cannot be another's yet. */
  add(pid: number): void {
    this.#pids.add(pid)
    clearTimeout(this.#lingering)
    if (this.#shell === undefined) this.#start()
    else this.#shell.stdin?.write(`+ ${pid}\n`)
  }

  /** To be called as it exits: from then on its number may be another's. */
  remove(pid: number): void {
    this.#pids.delete(pid)
    this.#shell?.stdin?.write(`- ${pid}\n`)
    if (this.#pids.size === 0) this.#lingering = setTimeout(() => this.#end(), LINGER).unref()
  }

  #end(): void {
    this.#shell?.stdin?.end()
    this.#shell = undefined
  }

  #start(): void {
    try {
      const shell = startShell(this.#path)
      this.#shell = shell
      shell.once('error', (error) => this.#failed(shell, error))
      shell.once('exit', () => this.#died(shell))
      // As with the other handles of children: the system decides what keeps this process alive.
      shell.unref()
      const input = shell.stdin as Socket | undefined
      input?.unref()
      // It has died, and is replaced when that is told.
      input?.on('error', () => undefined)
      input?.write(Array.from(this.#pids, (pid) => `+ ${pid}\n`).join(''))
    } catch (error) {
      this.#warn(error as Error)
    }
  }

  #failed(shell: ChildProcess, error: Error): void {
    if (this.#shell === shell) this.#shell = undefined
    this.#warn(error)
  }

  #died(shell: ChildProcess): void {
    if (this.#shell !== shell) return
    this.#shell = undefined
    if (this.#pids.size === 0) return
    const { history, exceeded } = spend(this.#deaths, performance.now(), DEATHS)
    this.#deaths = history
    if (exceeded) this.#warn(new Error('it was killed too often'))
    else this.#start()
  }

  /** Once. The next child tries again. */
  #warn({ message }: Error): void {
    if (this.#warned) return
    this.#warned = true
    console.error(`Troupe: ${this.#path} does not run (${message}). ${LOST}`)
  }
}

const LOST = 'If this process is killed, those of its children that are busy then live on until they are idle'

function startShell(path: string): ChildProcess {
  // The words behind the script are for whoever looks at the processes of the machine.
  return spawn(path, ['-c', REAPER_SCRIPT, 'troupe-reaper', String(process.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    // No directory is held, and nothing that shells read from the environment changes what this one does.
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
  })
}
