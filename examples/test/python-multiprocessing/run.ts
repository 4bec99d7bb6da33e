import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../dist/run.js', import.meta.url))

/** What an example prints, itself and its processes, line by line. It is to end by itself, with code 0. */
export function runExample(name: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, name], { timeout: 15_000 }, (error, stdout, stderr) => {
      if (error === null && stderr === '') resolve(stdout.trimEnd().split('\n'))
      else reject(error ?? new Error(stderr))
    })
  })
}
