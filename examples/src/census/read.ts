/**
 * A folder of sources holds more than text: pipes that block whoever opens them, devices, files that vanish while they
 * are looked at. Gives the content of a text file, or the reason why there is none; throws for no file at all.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs'
import type { SkipReason } from './skip.js'

const maxBytes = 64 * 1024 * 1024

export function readText(path: string): Buffer | SkipReason {
  try {
    // Looked at before it is opened: to open a device can already do something.
    return lstatSync(path).isFile() ? readRegular(path) : 'not a file'
  } catch {
    return 'unreadable'
  }
}

/** What was a file a moment ago may have become a pipe or a link: neither is waited for, nor followed. */
function readRegular(path: string): Buffer | SkipReason {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  try {
    const stats = fstatSync(file)
    if (!stats.isFile()) return 'not a file'
    if (stats.size > maxBytes) return 'too large'
    const content = readFileSync(file)
    return content.includes(0) ? 'binary' : content
  } finally {
    closeSync(file)
  }
}
