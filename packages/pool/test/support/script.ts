/** Runs a fixture as a program of its own, as a user would. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { inTime } from './settle.js'

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

/** @param name of the fixture, without its extension. */
export async function runScript(name: string, ...args: string[]): Promise<Ended> {
  const path = fileURLToPath(new URL(`../fixtures/${name}.js`, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk
    })
  }
  try {
    const [code, signal] = (await inTime(once(child, 'close'))) as [number | null, string | null]
    return { code, signal, ...text }
  } finally {
    child.kill('SIGKILL')
  }
}
