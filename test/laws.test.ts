/**
 * The laws of the architecture, read from the sources. Type imports and `export ... from` count as imports:
 * that is how circles are born.
 */
import { importsOf, isRelative, type Package, packages, type Source, sourcesOf, target } from './source.js'

/**
 * The folders and files of `src`, lowest floor first. An import goes down, or sideways inside its own folder.
 * A folder or file that is missing here fails.
 */
const floors: Record<Package, readonly string[]> = {
  core: [
    'process',
    'errors',
    'ports',
    'wait',
    'message',
    'mailbox',
    'stream',
    'ref',
    'definition',
    'wire',
    'actor',
    'peer',
    'supervisor',
    'events',
    'host',
    'registry',
    'spawn',
    'tree',
    'door',
    'system',
    'testing',
    'lean',
    'internal',
    'index',
  ],
  'transport-node': [
    'codec',
    'channel',
    'proxy',
    'queue',
    'pipe',
    'sync',
    'proxies',
    'host',
    'placement',
    'module',
    'socket',
    'listen',
    'process',
    'service',
    'boot',
    'internal',
    'index',
  ],
  pool: ['task', 'worker', 'call', 'schedule', 'pool', 'index'],
}

/** The packages whose modules may be imported, and by which files when not by all. */
const allowed: Record<Package, Readonly<Record<string, readonly string[] | 'everywhere'>>> = {
  core: {},
  'transport-node': {
    '@troupe/core': 'everywhere',
    'node:*': 'everywhere',
    msgpackr: 'everywhere',
    xstate: 'everywhere',
  },
  pool: {
    '@troupe/core': 'everywhere',
    '@troupe/transport-node': 'everywhere',
    'node:*': 'everywhere',
    xstate: 'everywhere',
  },
}

const floorOf = (file: string) => file.split('/')[0]?.replace(/\.ts$/, '') ?? ''

/** `node:fs` is of `node:*`, `@troupe/core/internal` of `@troupe/core`, `xstate/graph` of `xstate`. */
function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:*'
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

function relativeImports(source: Source): string[] {
  return source.imports.filter(isRelative).map((specifier) => target(source.file, specifier))
}

function upwardImports(sources: readonly Source[], order: readonly string[]): string[] {
  return sources.flatMap((source) =>
    relativeImports(source)
      .filter((to) => order.indexOf(floorOf(to)) > order.indexOf(floorOf(source.file)))
      .map((to) => `${source.file} -> ${to}`),
  )
}

/** Each circle once, as the files along it. */
function circles(sources: readonly Source[]): string[] {
  const edges = new Map(sources.map((source) => [source.file, relativeImports(source)]))
  const done = new Set<string>()
  const found: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' -> '))
    else if (!done.has(file)) {
      for (const next of edges.get(file) ?? []) visit(next, [...path, file])
      done.add(file)
    }
  }
  for (const file of edges.keys()) visit(file, [])
  return found
}

function foreignImports(sources: readonly Source[], allow: (typeof allowed)[Package]): string[] {
  const may = (file: string, specifier: string) => {
    const rule = allow[packageOf(specifier)]
    return rule === 'everywhere' || (rule?.includes(file) ?? false)
  }
  return sources.flatMap((source) =>
    source.imports
      .filter((specifier) => !isRelative(specifier) && !may(source.file, specifier))
      .map((specifier) => `${source.file} -> ${specifier}`),
  )
}

describe.each(packages)('%s', (name) => {
  const sources = sourcesOf(name)

  test('every folder and file of src has its floor', () => {
    expect(
      [...new Set(sources.map((source) => floorOf(source.file)))].filter((f) => !floors[name].includes(f)),
    ).toEqual([])
  })

  test('imports never go up a floor', () => {
    expect(upwardImports(sources, floors[name])).toEqual([])
  })

  test('imports never run in a circle', () => {
    expect(circles(sources)).toEqual([])
  })

  test('imports name a source that exists', () => {
    const files = new Set(sources.map((source) => source.file))
    expect(sources.flatMap(relativeImports).filter((to) => !files.has(to))).toEqual([])
  })

  test('nothing inside imports an index of its own package', () => {
    const index = sources.flatMap((source) =>
      relativeImports(source)
        .filter((to) => floorOf(to) === 'index')
        .map((to) => `${source.file} -> ${to}`),
    )
    expect(index).toEqual([])
  })

  test('only the allowed packages are imported', () => {
    expect(foreignImports(sources, allowed[name])).toEqual([])
  })
})

describe('the reading of the laws', () => {
  const source = (file: string, ...imports: string[]): Source => ({ file, imports })

  test('every form of import is seen, and none in a comment', () => {
    const text = `
      import a from './a.js'
      import { b, type C } from "./b.js"
      import type { D } from './d.js'
      import './e.js'
      export * from './f.js'
      export type { G } from './g.js'
      type H = import('./h.js').H
      const i = await import('./i.js')
      import {
        j,
      } from './j.js'
      // import k from './k.js'
      /* import l from './l.js' */
      const cure = "import('./n.js') or import o from './o.js'"
      const url = 'https://example.org' // from './m.js'
    `
    expect(importsOf(text).map((name) => name[2])).toEqual('abdefghij'.split(''))
  })

  test('an import that goes up, a circle and a foreign package are named', () => {
    const sources = [source('low/a.ts', '../high.js', 'node:fs'), source('high.ts', './low/a.js')]
    expect(upwardImports(sources, ['low', 'high'])).toEqual(['low/a.ts -> high.ts'])
    expect(circles(sources)).toEqual(['low/a.ts -> high.ts -> low/a.ts'])
    expect(foreignImports(sources, {})).toEqual(['low/a.ts -> node:fs'])
    expect(foreignImports(sources, { 'node:*': ['low/a.ts'] })).toEqual([])
    expect(foreignImports(sources, { 'node:*': ['high.ts'] })).toEqual(['low/a.ts -> node:fs'])
  })
})
