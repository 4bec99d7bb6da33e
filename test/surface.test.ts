/**
 * The public names of each package are pinned in `test/surface/<package>.txt`: a name that comes or goes shows in the
 * diff. After an intended change, write the files anew with `npm run surface`.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { packages, root } from './source.js'

interface Entry {
  readonly types: string
  readonly default: string
}

const header = (name: string) => `# Public names of @troupe/${name}. Written by: npm run surface\n`

/** Names that a declaration file exports at its top level, those of `export *` included. */
function declaredNames(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
  const names = new Set<string>()
  for (const [, list = ''] of text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)) {
    for (const item of list.split(',')) names.add(item.trim().split(/\s+/).at(-1) ?? '')
  }
  const declared =
    /^export (?:declare )?(?:abstract )?(?:const|let|function|class|interface|type|enum|namespace) ([\w$]+)/gm
  for (const [, name = ''] of text.matchAll(declared)) names.add(name)
  for (const [, name = ''] of text.matchAll(/^export \* as ([\w$]+) from/gm)) names.add(name)
  for (const [, from = ''] of text.matchAll(/^export (?:type )?\* from ['"](\.[^'"]+)['"]/gm)) {
    for (const name of declaredNames(join(dirname(file), from.replace(/\.js$/, '.d.ts')))) names.add(name)
  }
  names.delete('')
  return [...names]
}

async function surface(name: string): Promise<string> {
  const folder = join(root, 'packages', name)
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    exports: Record<string, Entry | string>
  }
  let text = header(name)
  for (const [entry, paths] of Object.entries(exports)) {
    if (typeof paths === 'string') continue
    const module: object = await import(join(folder, paths.default))
    const values = new Set(Object.keys(module))
    const types = declaredNames(join(folder, paths.types)).filter((declared) => !values.has(declared))
    const lines = [...[...values].map((value) => `${value} value`), ...types.map((type) => `${type} type`)]
    text += `\n[${entry}]\n${lines
      .sort()
      .map((line) => `${line}\n`)
      .join('')}`
  }
  return text
}

test.each(packages)('the public names of %s are the pinned ones', async (name) => {
  const file = join(root, 'test', 'surface', `${name}.txt`)
  const actual = await surface(name)
  if (process.env['TROUPE_SURFACE'] === 'write') {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, actual)
  }
  const pinned = existsSync(file) ? readFileSync(file, 'utf8') : ''
  expect(actual.split('\n')).toEqual(pinned.split('\n'))
})
