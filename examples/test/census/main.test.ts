import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { folderOf } from './folder.js'
import { nothingLeft, run, start } from './run.js'

/** Enough work for a worker to be killed in the middle of it, and for its successor to come in time. */
const linesEach = 1_000
const sources = Array.from({ length: 200 }, (_, index) => source(index))
const notes = 'first\nlast'
const folder = folderOf({
  ...Object.fromEntries(sources.map((text, index) => [`package${index % 3}/source${index}.js`, text])),
  'copy.js': source(0),
  'notes.txt': notes,
  'blob.bin': Uint8Array.of(1, 0, 2),
})
const counted = {
  files: sources.length + 2,
  bytes: sources.join('').length + source(0).length + notes.length,
  lines: (sources.length + 1) * linesEach + 2,
  tokens: (sources.length + 1) * linesEach * 11,
  skipped: 1,
}

function source(index: number): string {
  return `export const name${index} = (a) => a + ${index} // eleven tokens\n`.repeat(linesEach)
}

describe('census', () => {
  test('counts right although a worker is killed, and says what happened', async () => {
    const { code, stdout, stderr } = await run(folder, '--workers', '2', '--chaos', '--verify', '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.anything() })
    expect(stdout).toMatch(/^\{.*\}\n$/)
    const { restarts, ms, digest, ...numbers } = JSON.parse(stdout)
    expect(numbers).toEqual(counted)
    expect(restarts).toBeGreaterThanOrEqual(1)
    expect(ms).toBeGreaterThan(0)
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    expect(stderr).toMatch(/chaos: SIGKILL to process \d+\n/)
    expect(stderr).toMatch(/crash: worker-\d is down/)
    expect(stderr).toMatch(/worker-\d restarted/)
    expect(stderr).toMatch(/hands out \d+ files? again/)
    expect(stderr).toMatch(/2 workers: 203 of 203 files/)
    expect(stderr).toMatch(/serially: 203 of 203 files/)
  })

  test('comes to the same digest with other workers and in another place', async () => {
    // Nobody is killed here: less work will do.
    const few = sources.slice(0, 40)
    const here = folderOf({
      ...Object.fromEntries(few.map((text, index) => [`package${index % 3}/source${index}.js`, text])),
      'notes.txt': notes,
      'blob.bin': Uint8Array.of(1, 0, 2),
    })
    const elsewhere = folderOf({})
    cpSync(here, join(elsewhere, 'copy'), { recursive: true })
    const runs = [run(here, '--workers', '1', '--json'), run(join(elsewhere, 'copy'), '--workers', '3', '--json')]
    const [one, other] = (await Promise.all(runs)).map(({ stdout }) => JSON.parse(stdout))
    const lines = few.length * linesEach
    const expected = { files: few.length + 1, lines: lines + 2, tokens: lines * 11, skipped: 1, restarts: 0 }
    expect(one).toMatchObject({ ...expected, bytes: few.join('').length + notes.length })
    expect(other).toMatchObject({ ...expected, digest: one.digest })
  })

  test('shows a table on stdout, without colours where there is no terminal', async () => {
    const { code, stdout, stderr } = await run(folderOf({ 'a.js': 'let a', 'b.js': 'let a' }), '--verify')
    expect(code).toBe(0)
    expect(stdout).toMatch(/Files +2 /)
    expect(stdout).toMatch(/Speed-up +\d+\.\d\d ×/)
    expect(stdout).toContain('The totals of the serial run are equal.')
    expect(stdout + stderr).not.toContain('\x1b')
  })

  test.each([
    ['that is missing', [join(folder, 'missing')], 1, /^census: There is no such folder: .*missing\n$/],
    ['that is a file', [join(folder, 'copy.js')], 1, /^census: This is not a folder: .*copy\.js\n$/],
  ])('refuses a folder %s in one line', async (_, args, expected, message) => {
    const { code, stdout, stderr } = await run(...args, '--json')
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
    expect(stderr).toMatch(message)
  })

  test('finds nothing in an empty folder', async () => {
    const { code, stdout, stderr } = await run(folderOf({}), '--json', '--chaos', '--verify')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ files: 0, bytes: 0, lines: 0, tokens: 0, skipped: 0, restarts: 0 })
    expect(stderr).toMatch(/^No files in /)
  })

  test('explains its command line', async () => {
    const asked = await run('--help')
    expect(asked).toMatchObject({ code: 0, stderr: '' })
    expect(asked.stdout).toMatch(/^Usage: npm start/)
    const mistaken = await run('--workers', 'many')
    expect(mistaken).toMatchObject({ code: 2, stdout: '' })
    expect(mistaken.stderr).toMatch(/^census: Expected --workers to be .*, got "many"\n\nUsage: npm start/)
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends cleanly at %s, with no process left', async (signal, expected) => {
    const { child, ended, said } = start(folder, '--workers', '2', '--chaos')
    await said(/chaos: SIGKILL/)
    child.kill(signal)
    const { code, stdout, stderr } = await ended
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
    expect(stderr).toMatch(/census: interrupted\n$/)
    expect(stderr).not.toMatch(/^ +at /m)
    expect(await nothingLeft(child)).toBe(true)
  })
})
