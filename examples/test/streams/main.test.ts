import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { main } from '../../dist/streams/main.js'
import { folderOf } from '../census/folder.js'

const text = Array.from({ length: 10_000 }, (_, index) => (index % 4 === 3 ? `  hit ${index}` : 'nothing')).join('\n')
const file = join(folderOf({ 'long.txt': text }), 'long.txt')

test('takes five hits, has read little more than that, and closed the file', async () => {
  const printed: string[] = []
  const { hits, read, open } = await main((line) => printed.push(line), [file, 'hit'])
  expect(hits).toEqual([4, 8, 12, 16, 20].map((line) => ({ line, text: `hit ${line - 1}` })))
  // What may be under way: two windows of lines, one of hits.
  expect(read).toBeLessThan(1_000)
  expect(open).toBe(0)
  expect(printed).toEqual([...hits.map(({ line, text }) => `${line}: ${text}`), `${read} lines read, 0 files open`])
})

test('ends by itself where there are fewer', async () => {
  const { hits, read, open } = await main(() => undefined, [file, 'hit 999'])
  expect({ hits: hits.length, read, open }).toEqual({ hits: 4, read: 10_000, open: 0 })
})
