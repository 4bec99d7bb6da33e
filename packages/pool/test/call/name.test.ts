import { NotPortableError } from '@troupe/core'
import { remote } from '@troupe/pool'
import { labelOf, taskName } from '../../dist/call/name.js'

const path = remote<typeof import('node:path')>('node:path')

test('a remote name is url and export, and is shown as both', () => {
  expect(taskName(path.join)).toEqual({ url: 'node:path', export: 'join' })
  expect(labelOf(taskName(path.join))).toBe('join of node:path')
})

test.each([
  ['a closure', () => 1, 'A closure'],
  ['a function', Math.max, 'The function max'],
  ['a class', class Local {}, 'The function Local'],
])('%s is refused with the way to name it', (_, task, what) => {
  expect(() => taskName(task)).toThrow(NotPortableError)
  expect(() => taskName(task)).toThrow(what)
  expect(() => taskName(task)).toThrow(
    /exists only in this process\. Export it .*remote<typeof import\('\.\/tasks\.js'\)>/,
  )
})

test.each([
  [undefined, 'undefined (undefined)'],
  [null, 'null (null)'],
  ['resize', "'resize' (string)"],
  [{ url: 'node:path' }, 'Object (object)'],
  [{ url: 1, export: 'x' }, 'Object (object)'],
])('%p names no function, and is refused', (task, shown) => {
  expect(() => taskName(task)).toThrow(new TypeError(`Expected \`task\` to be a remote() name, got ${shown}`))
})
