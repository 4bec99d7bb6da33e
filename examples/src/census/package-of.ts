/**
 * Names the package that a file belongs to: that of the nearest `node_modules`, with the version where pnpm's folder
 * tells it (`.pnpm/js-tokens@10.0.0/node_modules/js-tokens/`). Outside of packages it is the top folder, `.` at the top.
 *
 * @param path with `/`, beginning inside the folder of the census, or with `node_modules` when that is the folder
 */
export function packageOf(path: string): string {
  const folders = path.split('/').slice(0, -1)
  const at = folders.lastIndexOf('node_modules')
  if (at === -1) return folders[0] ?? '.'
  const [first, second] = folders.slice(at + 1)
  if (first === undefined) return 'node_modules'
  const name = first.startsWith('@') && second !== undefined ? `${first}/${second}` : first
  return folders[at - 2] === '.pnpm' ? `${name}${versionIn(folders[at - 1] ?? '', name)}` : name
}

/** The path for people: from the package on, since what leads to it says no more than its name. */
export function shortPath(path: string): string {
  const name = packageOf(path).replace(/(?<!^)@.*/, '')
  const at = path.lastIndexOf(`node_modules/${name}/`)
  return at === -1 ? path : `${packageOf(path)}${path.slice(at + `node_modules/${name}`.length)}`
}

/** pnpm writes `@scope/name` as `@scope+name`, and after the version, behind `_` or `(`, what was resolved for its peers. */
function versionIn(store: string, name: string): string {
  const start = `${name.replace('/', '+')}@`
  return store.startsWith(start) ? `@${store.slice(start.length).replace(/[_(].*/, '')}` : ''
}
