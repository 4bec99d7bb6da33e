/** The service as a program of its own, as an operator starts and stops it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Program {
  readonly url: string
  /** What it has written to stderr so far. */
  said(): string
  signal(name: NodeJS.Signals): void
  /** SIGTERM; resolves with the exit code, null after a signal. */
  stop(): Promise<number | null>
  readonly exited: Promise<number | null>
}

/** At a port that is free. Rejects when it does not start. */
export async function startProgram(): Promise<Program> {
  const run = fileURLToPath(new URL('../run.js', import.meta.url))
  const child = spawn(process.execPath, [run, 'service', '0'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'close').then(([code]) => code as number | null)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stdout.setEncoding('utf8')
  const [line] = (await Promise.race([once(child.stdout, 'data'), exited.then(() => [''])])) as [string]
  const [url] = /http:\S+(?=,)/.exec(line) ?? []
  if (url === undefined) throw new Error(`The service did not start: ${said}`)
  return {
    url,
    said: () => said,
    signal: (name) => void child.kill(name),
    stop() {
      if (child.exitCode === null) child.kill('SIGTERM')
      return exited
    },
    exited,
  }
}
