import { expect, test } from '@jest/globals'
import { main } from '../../dist/service/load.js'
import { type Program, startProgram } from '../../dist/service/program.js'

async function withProgram(use: (program: Program) => Promise<void>): Promise<void> {
  const program = await startProgram()
  try {
    await use(program)
  } finally {
    await program.stop()
  }
}

const text = async (url: string): Promise<string> => (await fetch(url)).text()
const status = async (url: string): Promise<number> => (await fetch(url)).status

/** Resolves once `holds`, which is asked again and again. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds()));
}

test('no request fails while its processes are killed, and it ends in good order', async () => {
  const failures: string[] = []
  const load = await main((line) => failures.push(line), ['3', '20'])
  // All but the two lines of the summary.
  expect(failures.slice(0, -2)).toEqual([])
  expect(load).toMatchObject({ failures: 0, exitCode: 0 })
  expect(load.requests).toBeGreaterThan(20)
  expect(load.kills).toBeGreaterThan(0)
  expect(load.restarts).toBeGreaterThan(0)
})

test('at SIGTERM the request in flight is answered, a new one gets 503, and it exits with 0', async () => {
  await withProgram(async ({ url, signal, exited }) => {
    const slow = status(`${url}/digest?text=slow&rounds=2000000`)
    await until(async () => (await text(`${url}/busy`)) === '1\n')
    signal('SIGTERM')
    await until(async () => (await status(`${url}/quote`)) === 503)
    expect(await slow).toBe(200)
    expect(await exited).toBe(0)
  })
})

test('SIGUSR2 shows the tree, as its own page does', async () => {
  await withProgram(async ({ url, signal, said }) => {
    const tree = await text(`${url}/tree`)
    for (const part of ['cache', 'quotes', 'digests', 'http']) expect(tree).toContain(`${part} (`)
    signal('SIGUSR2')
    await until(async () => (await status(`${url}/quote`)) === 200 && said().includes('digests'))
    expect(said()).toContain(tree.trim())
    // One program costs a start: the refusals are asked of this one too.
    expect(await status(`${url}/`)).toBe(404)
    expect(await status(`${url}/digest?rounds=many`)).toBe(400)
  })
})
