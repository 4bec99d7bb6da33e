/**
 * The task of the census: all that is to be known of one file, as plain data. The pool runs it in worker processes,
 * `--verify` in this one; so equal totals mean that nothing was lost, and nothing counted twice, on the way.
 */
import { createHash } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { type Lexed, lex } from './lex.js'
import { readText } from './read.js'
import type { Skipped } from './skip.js'

export interface Facts extends Lexed {
  path: string
  bytes: number
  /** bytes after gzip at its best, as a package registry sends them */
  gzipped: number
  /** bytes after brotli at a middle quality, as a web server would send them */
  brotli: number
  lines: number
  sha256: string
}

export function examine(path: string): Facts | Skipped {
  const content = readText(path)
  if (typeof content === 'string') return { path, skip: content }
  const lexed = lexIfCode(path, content)
  if (lexed === undefined) return { path, skip: 'not lexable' }
  return {
    path,
    bytes: content.length,
    gzipped: gzipSync(content, { level: constants.Z_BEST_COMPRESSION }).length,
    brotli: brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }).length,
    lines: countLines(content),
    sha256: createHash('sha256').update(content).digest('hex'),
    ...lexed,
  }
}

/** A lexer made of regular expressions can overflow its stack on a literal of many megabytes. */
function lexIfCode(path: string, content: Buffer): Lexed | undefined {
  if (!/\.(?:[cm]?[jt]s|[jt]sx)$/i.test(path)) return { tokens: 0, code: '', identifiers: new Map() }
  try {
    return lex(content.toString(), /x$/i.test(path))
  } catch {
    return undefined
  }
}

/** A last line without a line end is a line too. */
function countLines(content: Buffer): number {
  let lines = 0
  for (let start = 0; start < content.length; lines++) {
    const end = content.indexOf('\n', start)
    start = end === -1 ? content.length : end + 1
  }
  return lines
}
