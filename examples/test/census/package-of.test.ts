import { describe, expect, test } from '@jest/globals'
import { packageOf, shortPath } from '../../dist/census/package-of.js'

describe('packageOf', () => {
  test.each([
    ['node_modules/.pnpm/js-tokens@10.0.0/node_modules/js-tokens/index.js', 'js-tokens@10.0.0'],
    [
      'node_modules/.pnpm/@babel+core@7.29.1_supports-color@8.1.1/node_modules/@babel/core/lib/a.js',
      '@babel/core@7.29.1',
    ],
    ['node_modules/.pnpm/debug@4.4.3(supports-color@8.1.1)/node_modules/debug/src/a.js', 'debug@4.4.3'],
    ['node_modules/.pnpm/npm@11.0.0/node_modules/npm/node_modules/ini/ini.js', 'ini'],
    ['node_modules/.pnpm/lock.yaml', '.pnpm'],
    ['node_modules/lodash/fp/add.js', 'lodash'],
    ['node_modules/@scope/name/index.js', '@scope/name'],
    ['node_modules/.modules.yaml', 'node_modules'],
    ['packages/core/node_modules/ms/index.js', 'ms'],
    ['packages/core/src/index.ts', 'packages'],
    ['README.md', '.'],
  ])('%s is of %s', (path, name) => {
    expect(packageOf(path)).toBe(name)
  })
})

describe('shortPath', () => {
  test.each([
    ['node_modules/.pnpm/@babel+core@7.29.1_a@8/node_modules/@babel/core/lib/a.js', '@babel/core@7.29.1/lib/a.js'],
    ['node_modules/lodash/fp/add.js', 'lodash/fp/add.js'],
    ['node_modules/.modules.yaml', 'node_modules/.modules.yaml'],
    ['packages/core/src/index.ts', 'packages/core/src/index.ts'],
  ])('%s is shown as %s', (path, short) => {
    expect(shortPath(path)).toBe(short)
  })
})
