import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Skipped } from '../../dist/census/skip.js'
import { walk } from '../../dist/census/walk.js'
import { folderOf } from './folder.js'

const folder = folderOf({ b: '', a: '', '.hidden/c': '', 'deep/er/d': '', 'deep/e': '' })
symlinkSync(folder, join(folder, 'deep', 'round'))
symlinkSync(join(folder, 'a'), join(folder, 'link'))

async function filesIn(folder: string, onSkip?: (skipped: Skipped) => void): Promise<string[]> {
  const files: string[] = []
  for await (const path of walk(folder, onSkip)) files.push(relative(folder, path))
  return files
}

describe('walk', () => {
  test('finds every file, those in dot-folders too, and follows no link', async () => {
    expect((await filesIn(folder)).sort()).toEqual(['.hidden/c', 'a', 'b', 'deep/e', 'deep/er/d'])
  })

  test('keeps its order', async () => {
    expect(await filesIn(folder)).toEqual(await filesIn(folder))
  })

  test('tells of what is no file, and goes on', async () => {
    const odd = folderOf({ z: '' })
    spawnSync('mkfifo', [join(odd, 'pipe')])
    const skipped: Skipped[] = []
    expect(await filesIn(odd, (one) => skipped.push(one))).toEqual(['z'])
    expect(skipped).toEqual([{ path: join(odd, 'pipe'), skip: 'not a file' }])
  })

  test('tells of a folder that cannot be read', async () => {
    const skipped: Skipped[] = []
    expect(await filesIn(join(folder, 'gone'), (one) => skipped.push(one))).toEqual([])
    expect(skipped).toEqual([{ path: join(folder, 'gone'), skip: 'unreadable' }])
  })

  test('reads only as far as it is asked to', async () => {
    const files = walk(folder)
    expect((await files.next()).value).toBe(join(folder, 'a'))
    expect(await files.return(undefined)).toEqual({ done: true, value: undefined })
  })
})
