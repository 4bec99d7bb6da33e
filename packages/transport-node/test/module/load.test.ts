/** A child loads only what its parent has announced, and says what is there. */
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
