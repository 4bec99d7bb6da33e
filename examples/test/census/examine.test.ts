import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { examine, type Facts } from '../../dist/census/examine.js'
import { folderOf } from './folder.js'

const literal = `a = '${'\\n'.repeat(10 * 1024 * 1024)}'`
const folder = folderOf({
  'code.ts': 'let a = a\n',
  'View.JSX': "<p>it's</p>",
  'notes.md': 'let a = a\r\n\r\nend',
  'blob.js': 'a\0',
  'literal.js': literal,
  empty: '',
})
const facts = (name: string) => examine(join(folder, name)) as Facts

describe('examine', () => {
  test('tells all of a source file', () => {
    const { brotli, code, ...rest } = facts('code.ts')
    expect(rest).toEqual({
      path: join(folder, 'code.ts'),
      bytes: 10,
      gzipped: gzipSync('let a = a\n', { level: 9 }).length,
      lines: 1,
      tokens: 4,
      sha256: createHash('sha256').update('let a = a\n').digest('hex'),
      identifiers: new Map([['a', 2]]),
    })
    expect(code).toHaveLength(64)
    expect(brotli).toBeGreaterThan(0)
  })

  test('lexes no other text, and counts a last line that does not end', () => {
    expect(facts('notes.md')).toMatchObject({ bytes: 16, lines: 3, tokens: 0, code: '', identifiers: new Map() })
    expect(facts('empty')).toMatchObject({ bytes: 0, lines: 0, tokens: 0 })
  })

  test('knows JSX by the name of the file', () => {
    expect([...facts('View.JSX').identifiers]).toEqual([['p', 2]])
  })

  test('tells why it skips a file', () => {
    expect(examine(join(folder, 'blob.js'))).toEqual({ path: join(folder, 'blob.js'), skip: 'binary' })
    expect(examine(join(folder, 'gone.js'))).toEqual({ path: join(folder, 'gone.js'), skip: 'unreadable' })
  })

  test('skips a source that is too much for the lexer', () => {
    expect(examine(join(folder, 'literal.js'))).toEqual({ path: join(folder, 'literal.js'), skip: 'not lexable' })
  })
})
