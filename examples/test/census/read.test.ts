import { spawnSync } from 'node:child_process'
import { symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readText } from '../../dist/census/read.js'
import { folderOf } from './folder.js'

const folder = folderOf({ text: 'text\n', empty: '', binary: 'a\0b', latin1: Uint8Array.of(0xe9, 0xff), huge: '' })
const read = (name: string) => readText(join(folder, name))

describe('readText', () => {
  test('gives the content of a text, of an empty one, and of one that is not UTF-8', () => {
    expect(read('text')).toEqual(Buffer.from('text\n'))
    expect(read('empty')).toEqual(Buffer.alloc(0))
    expect(read('latin1')).toEqual(Buffer.of(0xe9, 0xff))
  })

  test('takes a file with a NUL byte for binary', () => {
    expect(read('binary')).toBe('binary')
  })

  test('refuses a file of more than 64 MiB without reading it', () => {
    truncateSync(join(folder, 'huge'), 64 * 1024 * 1024 + 1)
    expect(read('huge')).toBe('too large')
  })

  test('does not open a pipe, which would wait for a writer for ever', () => {
    expect(spawnSync('mkfifo', [join(folder, 'pipe')]).status).toBe(0)
    expect(read('pipe')).toBe('not a file')
  })

  test('follows no link and reads no folder', () => {
    symlinkSync(join(folder, 'text'), join(folder, 'link'))
    expect(read('link')).toBe('not a file')
    expect(read('.')).toBe('not a file')
  })

  test('tells of a file that is gone', () => {
    expect(read('gone')).toBe('unreadable')
  })
})
