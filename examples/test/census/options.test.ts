import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { parseOptions, UsageError } from '../../dist/census/options.js'

describe('parseOptions', () => {
  test('takes the own packages, with chaos and a check, when no folder is given', () => {
    expect(parseOptions([])).toEqual({
      folder: fileURLToPath(new URL('../../../node_modules', import.meta.url)),
      workers: undefined,
      ...{ chaos: true, verify: true, json: false, help: false },
    })
  })

  test('does to a given folder only what is asked for', () => {
    expect(parseOptions(['some/where'])).toMatchObject({ folder: resolve('some/where'), chaos: false, verify: false })
    expect(parseOptions(['--chaos', '.', '--verify', '--json', '--workers', '3'])).toEqual({
      ...{ folder: resolve('.'), workers: 3, chaos: true, verify: true, json: true, help: false },
    })
  })

  test('lets the defaults be turned off', () => {
    expect(parseOptions(['--no-chaos', '--no-verify'])).toMatchObject({ chaos: false, verify: false })
  })

  test.each([
    [['--workers', '0']],
    [['--workers', '257']],
    [['--workers', '1.5']],
    [['--workers', 'two']],
    [['--workers', '']],
    [['--workers=-1']],
    [['--workers']],
    [['--wrokers', '2']],
    [['--json=yes']],
    [['a', 'b']],
    [['']],
  ])('refuses %j with a sentence', (args) => {
    expect(() => parseOptions(args)).toThrow(UsageError)
    expect(() => parseOptions(args)).toThrow(/\w+ .*\w+/)
  })
})
