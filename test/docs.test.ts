/** What the documents point at exists: files behind links, tests behind guarantees, decisions behind comments. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { packages, root } from './source.js'

const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** Files below `folder` that end with `end`, as paths from the root. */
function filesIn(folder: string, end: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(end) && !file.includes('node_modules'))
    .map((file) => join(folder, file))
}

const documents = ['README.md', 'ARCHITECTURE.md', 'SEMANTICS.md', 'CONTRIBUTING.md', ...filesIn('docs', '.md')]
const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '')
/** As forges name headings: `## The path of a message` is `#the-path-of-a-message`. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

test.each(documents)('the links of %s lead somewhere', (document) => {
  const links = Array.from(withoutCode(read(document)).matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link)
  const broken = links.filter((link) => {
    if (/^https?:/.test(link)) return false
    const [path = '', anchor] = link.split('#')
    const file = path === '' ? join(root, document) : join(dirname(join(root, document)), path)
    if (!existsSync(file)) return true
    if (anchor === undefined) return false
    const headings = withoutCode(readFileSync(file, 'utf8')).matchAll(/^#+ (.*)$/gm)
    return !Array.from(headings, ([, heading = '']) => anchorOf(heading)).includes(anchor)
  })
  expect(broken).toEqual([])
})

test('the files that ARCHITECTURE.md names are there', () => {
  const sources = packages.map((name) => `packages/${name}/src`)
  const named = Array.from(read('ARCHITECTURE.md').matchAll(/`([a-z-]+\/[a-z/-]+\.ts)`/g), ([, file = '']) => file)
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((file) => !sources.some((source) => existsSync(join(root, source, file))))).toEqual([])
})

describe('SEMANTICS.md', () => {
  /** The guarantees: `### 7. …`, each up to the next heading. */
  const guarantees = read('SEMANTICS.md')
    .split(/^#+ /m)
    .filter((part) => /^\d+\. /.test(part))

  /** Titles that are quoted behind a link to a test file. */
  function quotes(guarantee: string): { file: string; title: string }[] {
    const held = guarantee.slice(guarantee.indexOf('Held by'))
    let file = ''
    return Array.from(held.matchAll(/\]\(([^)\s]+)\)|"([^"]+)"/g)).flatMap(([, link, title]) => {
      if (link !== undefined) file = link
      return title === undefined ? [] : [{ file, title: title.replace(/\s+/g, ' ') }]
    })
  }

  test('counts its guarantees from 1 on', () => {
    expect(guarantees.map((each) => Number.parseInt(each))).toEqual(guarantees.map((_, index) => index + 1))
  })

  test.each(guarantees.map((each) => [each.split('\n')[0], each]))('%s: held by tests that are there', (_, each) => {
    const quoted = quotes(each)
    expect(quoted.length).toBeGreaterThan(0)
    expect(quoted.filter(({ file, title }) => !existsSync(join(root, file)) || !read(file).includes(title))).toEqual([])
  })
})

describe('decisions', () => {
  const decisions = readdirSync(join(root, 'docs', 'decisions')).sort()

  test('are numbered, each once, and say what they rest on', () => {
    expect(decisions.filter((name) => !/^\d{4}-[a-z0-9-]+\.md$/.test(name))).toEqual([])
    expect(new Set(decisions.map((name) => name.slice(0, 4))).size).toBe(decisions.length)
    const parts = ['## Context', '## Decision', '## Evidence', '## Consequences', '## What would change it']
    for (const name of decisions) {
      const text = read(join('docs', 'decisions', name))
      expect([name, parts.filter((part) => !text.includes(`\n${part}\n`))]).toEqual([name, []])
      expect(text).toMatch(new RegExp(`^# ${name.slice(0, 4)}: `))
    }
  })

  test('that comments name are there', () => {
    const folders = [...packages.map((name) => `packages/${name}/src`), 'examples/src', 'bench/src', 'scripts', 'test']
    const files = folders.flatMap((folder) => [...filesIn(folder, '.ts'), ...filesIn(folder, '.mjs')])
    const missing = files.flatMap((file) =>
      Array.from(read(file).matchAll(/docs\/decisions\/(\d{4}(?:-[a-z0-9-]+\.md)?)/g), ([, name = '']) => name)
        .filter((name) => !decisions.some((decision) => decision.startsWith(name)))
        .map((name) => `${relative(root, join(root, file))}: ${name}`),
    )
    expect(missing).toEqual([])
  })
})
