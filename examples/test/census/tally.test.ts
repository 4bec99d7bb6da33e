import { basename } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { examineSerially } from '../../dist/census/serial.js'
import { tally } from '../../dist/census/tally.js'
import { folderOf } from './folder.js'

const folder = folderOf({
  'a.js': 'let a\n',
  'lib/b.js': 'let a\n',
  'lib/c.bin': '\0',
  'node_modules/ms/index.js': 'b',
})
const never = new AbortController().signal

describe('tally', () => {
  test('adds up the files of a folder, by paths that begin in it', async () => {
    const done: number[] = []
    const { totals } = await tally(folder, examineSerially, never, (number) => done.push(number))
    expect(totals).toMatchObject({ files: 3, bytes: 13, lines: 3, tokens: 5 })
    expect(totals.skipped).toEqual([{ path: 'lib/c.bin', skip: 'binary' }])
    expect([...totals.packages.keys()].sort()).toEqual(['.', 'lib', 'ms'])
    expect([...totals.contents.values()].map(({ paths }) => paths)).toContainEqual(['a.js', 'lib/b.js'])
    expect(done).toEqual([1, 2, 3, 4])
  })

  test('lets the paths begin at node_modules when that is the folder, since packages begin there', async () => {
    const { totals } = await tally(`${folder}/node_modules`, examineSerially, never, () => {})
    expect(basename(folder)).not.toBe('node_modules')
    expect([...totals.packages.keys()]).toEqual(['ms'])
    expect([...totals.contents.values()][0]?.paths).toEqual(['node_modules/ms/index.js'])
  })

  test('ends with the reason of its signal', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const running = tally(folder, examineSerially, controller.signal, () => controller.abort(reason))
    await expect(running).rejects.toBe(reason)
  })
})
