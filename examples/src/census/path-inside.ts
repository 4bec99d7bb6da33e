import { basename, relative, sep } from 'node:path'

/** The same on every machine: where the folder lies does not show, and `node_modules` stays since packages begin there. */
export function pathInside(folder: string, path: string): string {
  const inside = relative(folder, path).replaceAll(sep, '/')
  return basename(folder) === 'node_modules' ? `node_modules/${inside}` : inside
}
