/**
 * What a folder holds more than once, and the bytes that wastes. Duplicates are files of the same content; twins are
 * different contents of the same code, such as the `.d.ts` and `.d.mts` that differ only in a comment.
 */
import { getOrCreate } from './get-or-create.js'
import { top } from './top.js'
import type { Content } from './totals.js'

export interface Repeats {
  groups: number
  wasted: number
  worst: Repeat[]
}

export interface Repeat {
  wasted: number
  paths: string[]
}

export function duplicates(contents: Iterable<Content>): Repeats {
  const repeated = [...contents].filter(({ bytes, paths }) => bytes > 0 && paths.length > 1)
  return repeats(repeated.map(({ bytes, paths }) => ({ wasted: bytes * (paths.length - 1), paths: [...paths].sort() })))
}

/** Of each content one file is named, since the others are duplicates of it; the greatest is the one not wasted. */
export function twins(contents: Iterable<Content>): Repeats {
  const byCode = new Map<string, Content[]>()
  for (const content of contents) getOrCreate(byCode, content.code, () => []).push(content)
  byCode.delete('')
  const repeated = [...byCode.values()].filter(({ length }) => length > 1)
  return repeats(repeated.map((same) => ({ wasted: allButGreatest(same), paths: same.map(firstPath).sort() })))
}

function repeats(groups: Repeat[]): Repeats {
  const named = groups.map((group): [string, Repeat] => [group.paths[0] ?? '', group])
  return {
    groups: groups.length,
    wasted: groups.reduce((sum, { wasted }) => sum + wasted, 0),
    worst: top(3, named, ({ wasted }) => wasted).map(([, group]) => group),
  }
}

function allButGreatest(contents: Content[]): number {
  const sizes = contents.map(({ bytes }) => bytes)
  return sizes.reduce((sum, bytes) => sum + bytes, 0) - Math.max(...sizes)
}

function firstPath({ paths }: Content): string {
  return [...paths].sort()[0] ?? ''
}
