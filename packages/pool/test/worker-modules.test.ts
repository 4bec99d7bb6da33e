/** A worker that loads little starts soon: what it may load is written down here. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { remote } from '@troupe/pool'
import { childProcess } from '@troupe/transport-node'
import { newPool } from './support/pools.js'

const path = remote<typeof import('node:path')>('node:path')
const recorder = new URL('./fixtures/recorder.js', import.meta.url).href

/** What a worker has loaded after `use`: files as `package/file`, in order, without those of Node. */
async function loaded(use: (pool: ReturnType<typeof newPool>) => Promise<unknown>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-record-'))
  try {
    const file = join(folder, 'modules')
    const env = { ...process.env, TROUPE_RECORD: file }
    await use(newPool({ size: 1, on: childProcess({ execArgv: ['--import', recorder], env }) }))
    const urls = readFileSync(file, 'utf8').trim().split('\n')
    return urls.filter((url) => url.startsWith('file:')).flatMap(modulesOf)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Core's entries are bundled: what such a file is made of, only its map can tell. One that only re-exports has none. */
function modulesOf(url: string): string[] {
  if (!/core\/dist\/bundle\//.test(url)) return [within(url)]
  const { sources } = JSON.parse(readFileSync(new URL(`${url}.map`), 'utf8')) as { sources: string[] }
  if (sources.length === 0) return [within(url)]
  return sources.map((source) => within(new URL(source, url).href))
}

const within = (url: string): string => url.replace(/^.*\/packages\/|^.*\/node_modules\//, '')

const lean = ['core/dist/bundle/lean.js', 'core/src/definition/define.ts', 'core/src/message/refusal.ts']
const leanNeeds = [
  'core/src/errors/expect.ts',
  'core/src/mailbox/options.ts',
  'core/src/message/handed-over.ts',
  'core/src/message/salvage.ts',
  'core/src/process/record.ts',
  'core/src/wait/thenable.ts',
]

test('a fresh worker has loaded its boot, the worker and the lean part of core, and nothing else', async () => {
  const modules = await loaded((pool) => pool.ready())
  expect(modules[0]).toMatch(/^transport-node\/dist\/boot\.bundle\.[cm]js$/)
  expect(modules[1]).toBe('pool/dist/worker/worker.js')
  expect(modules.slice(2).sort((a, b) => a.localeCompare(b))).toEqual(
    [...lean, ...leanNeeds].sort((a, b) => a.localeCompare(b)),
  )
})

test('a task of a module of Node loads no file more', async () => {
  const fresh = await loaded((pool) => pool.ready())
  const used = await loaded((pool) => pool.apply(path.basename, ['/a/b']))
  // Modules that load at the same time come in no certain order.
  expect(used.sort()).toEqual(fresh.sort())
})
