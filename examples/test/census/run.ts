import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** The census as a process, in a group of its own: who is in that group after its end was left behind by it. */
export function start(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = [collect(child.stdout), collect(child.stderr)]
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout: output[0]?.() ?? '', stderr: output[1]?.() ?? '' }))
  })
  return { child, ended, said: (text: RegExp) => until(() => text.test(output[1]?.() ?? '')) }
}

export function run(...args: string[]): Promise<Ended> {
  return start(...args).ended
}

export async function nothingLeft({ pid }: ChildProcess): Promise<boolean> {
  await until(() => pid !== undefined && !groupLives(pid))
  return true
}

const main = fileURLToPath(new URL('../../dist/census/main.js', import.meta.url))

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  return () => text
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error('Waited 10 s in vain')
    await sleep(10)
  }
}

/** A process that has ended but whose parent did not ask for its exit code still answers to signals: Linux tells more. */
function groupLives(group: number): boolean {
  if (process.platform === 'linux') return readdirSync('/proc').some((id) => /^\d+$/.test(id) && livesIn(group, id))
  try {
    return process.kill(-group, 0)
  } catch {
    return false
  }
}

function livesIn(group: number, id: string): boolean {
  try {
    const [state, , itsGroup] = (readFileSync(`/proc/${id}/stat`, 'latin1').split(') ').at(-1) ?? '').split(' ')
    return state !== 'Z' && Number(itsGroup) === group
  } catch {
    return false
  }
}
