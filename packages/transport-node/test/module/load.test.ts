/** A child loads only what its parent has announced, and says what is there. */
import { processRecord } from '@troupe/core/internal'
import { ModuleLoader } from '@troupe/transport-node/internal'

const url = new URL('../fixtures/actors.js', import.meta.url).href

test('a module that was not announced is not loaded', async () => {
  const loader = new ModuleLoader()
  await expect(loader.load(url, 'counter')).rejects.toMatchObject({
    code: 'ERR_NOT_PORTABLE',
    message: expect.stringContaining('has not announced'),
  })
  loader.announce(url)
  expect(await loader.load(url, 'counter')).toMatchObject({ kind: 'definition' })
})

test('a missing export is refused with those that there are', async () => {
  const loader = new ModuleLoader()
  loader.announce(url)
  await expect(loader.load(url, 'nope')).rejects.toThrow(/no such export.*counter.*echo/)
})

test.each(['toString', 'hasOwnProperty', '__proto__', 'constructor'])('%s is no export', async (name) => {
  const loader = new ModuleLoader()
  loader.announce(url)
  await expect(loader.load(url, name)).rejects.toMatchObject({ code: 'ERR_NOT_PORTABLE' })
})

test('exports of a built-in module are found', async () => {
  const loader = new ModuleLoader()
  loader.announce('node:path')
  expect(await loader.load('node:path', 'join')).toBe((await import('node:path')).join)
})

test('the members of a CommonJS module that its names do not list are found in its whole', async () => {
  const whole = `data:text/javascript,export default { hidden: 5 }`
  const loader = new ModuleLoader()
  loader.announce(whole)
  expect(await loader.load(whole, 'hidden')).toBe(5)
  expect(await loader.load(whole, 'default')).toEqual({ hidden: 5 })
})

test('of a function that a CommonJS module exports, what its author gave it is found, and not its name and length', async () => {
  const loader = new ModuleLoader()
  const url = `data:text/javascript,export default Object.assign(function named() {}, { extra: 6 })`
  loader.announce(url)
  expect(await loader.load(url, 'default')).toBeInstanceOf(Function)
  expect(await loader.load(url, 'extra')).toBe(6)
  await expect(loader.load(url, 'name')).rejects.toThrow(/no such export.*It exports: default, extra/)
})

test('a default that was compiled to CommonJS is found', async () => {
  const loader = new ModuleLoader()
  const url = `data:text/javascript,export default { __esModule: true, default: 7 }`
  loader.announce(url)
  expect(await loader.load(url, 'default')).toBe(7)
})

describe('a module is being evaluated', () => {
  const { evaluating } = processRecord()

  test('while it is loaded for the first time, and not when it is loaded again', async () => {
    const loader = new ModuleLoader()
    const url = `data:text/javascript,export const during = [...globalThis[Symbol.for('@troupe/process')].evaluating]`
    loader.announce(url)
    expect(await loader.load(url, 'during')).toEqual([url])
    expect([...evaluating]).toEqual([])
    const again = loader.load(url, 'during')
    expect([...evaluating]).toEqual([])
    await again
  })

  test('until the last of those that load it at the same time can go on', async () => {
    const loader = new ModuleLoader()
    const url = `data:text/javascript,export const a = 1; export const b = 2`
    loader.announce(url)
    const both = [loader.load(url, 'a'), loader.load(url, 'b')]
    expect([...evaluating]).toEqual([url])
    expect(await Promise.all(both)).toEqual([1, 2])
    expect([...evaluating]).toEqual([])
  })

  test('not after it has thrown', async () => {
    const loader = new ModuleLoader()
    const url = `data:text/javascript,throw new RangeError('at load')`
    loader.announce(url)
    await expect(loader.load(url, 'a')).rejects.toThrow('at load')
    expect([...evaluating]).toEqual([])
    await expect(loader.load(url, 'a')).rejects.toThrow('at load')
  })
})
