/**
 * Two programs, each with a system of its own. One listens at a Unix socket, which is private to its user; two clients
 * come in, one after the other, and find it as the first left it.
 *
 *   npm run example -- two-systems
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { shop } from './client.js'

const service = fileURLToPath(new URL('./service.js', import.meta.url))

export async function main(print: (line: string) => void): Promise<{ said: string[]; exitCode: number | null }> {
  const folder = await mkdtemp(join(tmpdir(), 'shop-'))
  const path = join(folder, 'stock.sock')
  const child = spawn(process.execPath, [service, path], { stdio: ['pipe', 'pipe', 'inherit'] })
  const gone = once(child, 'exit') as Promise<[number | null]>
  const said: string[] = []
  const say = (line: string): void => {
    said.push(line)
    print(line)
  }
  try {
    // It says that it is open, or ends.
    await Promise.race([once(child.stdout, 'data'), gone])
    for (const customer of ['first', 'second']) {
      for (const line of await shop(path)) say(`${customer} customer, ${line}`)
    }
  } finally {
    child.kill('SIGTERM')
    await gone
    await rm(folder, { recursive: true })
  }
  const [exitCode] = await gone
  return { said, exitCode }
}
