/** Names for what is loaded elsewhere. */
import { isAbsolute } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { runInNewContext } from 'node:vm'
import { remote } from '@troupe/transport-node'
import { moduleUrl } from '@troupe/transport-node/internal'

const url = new URL('../fixtures/actors.js', import.meta.url)

describe('moduleUrl', () => {
  test.each([
    ['a URL', url, url.href],
    ['a file: string', url.href, url.href],
    ['an absolute path', fileURLToPath(url), url.href],
    ['an absolute path with odd letters', '/tmp/a b#c?.js', pathToFileURL('/tmp/a b#c?.js').href],
    ['a node: name', 'node:crypto', 'node:crypto'],
    ['a built-in without its prefix', 'crypto', 'node:crypto'],
    ['a built-in with a folder', 'fs/promises', 'node:fs/promises'],
    ['a data: URL', 'data:text/javascript,0', 'data:text/javascript,0'],
    ['a URL of another realm', runInNewContext('({ href: "file:///x.js" })') as URL, 'file:///x.js'],
    ['a resolved package', import.meta.resolve?.('@troupe/core') ?? url.href, expect.stringMatching(/^file:/)],
  ])('takes %s', (_, given, expected) => {
    expect(moduleUrl(given)).toEqual(expected)
  })

  test.each(['sharp', '@troupe/core', './x.js', '../x.js', 'lib/x.js'])('refuses %s and says what to write', (name) => {
    expect(isAbsolute(name)).toBe(false)
    expect(() => moduleUrl(name)).toThrow(
      expect.objectContaining({
        code: 'ERR_NOT_PORTABLE',
        message: expect.stringContaining(`import.meta.resolve('${name}')`),
      }),
    )
    expect(() => moduleUrl(name)).toThrow(`new URL('${name}', import.meta.url)`)
  })

  test.each([undefined, null, 5, '', {}, { href: 5 }, () => url])('refuses %p, which is no name', (given) => {
    expect(() => moduleUrl(given)).toThrow(TypeError)
    expect(() => moduleUrl(given)).toThrow('Expected `module` to be a URL')
  })
})

describe('remote', () => {
  const actors = remote<typeof import('../fixtures/actors.js')>(url)

  test('names exports by url and name, and loads nothing', () => {
    expect(actors.counter).toMatchObject({ url: url.href, export: 'counter' })
    const missing = remote<Record<string, () => void>>(new URL('./no-such-module.js', import.meta.url))
    expect(missing['anything']).toMatchObject({ export: 'anything' })
  })

  test('gives the same name each time, frozen', () => {
    expect(actors.counter).toBe(actors.counter)
    expect(actors.counter).not.toBe(actors.echo)
    expect(Object.isFrozen(actors.counter)).toBe(true)
  })

  test('can be awaited without being called: it is no thenable', async () => {
    expect((actors as unknown as { then: unknown }).then).toBeUndefined()
    expect(await Promise.resolve(actors)).toBe(actors)
  })

  test('can be printed and compared', () => {
    expect(() => String(Object.prototype.toString.call(actors))).not.toThrow()
    expect((actors as unknown as Record<symbol, unknown>)[Symbol.toPrimitive]).toBeUndefined()
    expect('counter' in actors).toBe(true)
  })

  test('a name is data: it can be sent, without what only this process knows', () => {
    expect(JSON.parse(JSON.stringify(actors.counter))).toEqual({ url: url.href, export: 'counter' })
    expect(structuredClone(actors.counter)).toEqual({ url: url.href, export: 'counter' })
  })

  test('a bare name is refused at once', () => {
    expect(() => remote('sharp')).toThrow("remote(import.meta.resolve('sharp'))")
  })
})
