/** The environment in which all tests run: values of the outer realm pass `instanceof`, and leaks fail their file. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import { root } from './source.js'

test('errors of Node are errors', () => {
  expect(() => readFileSync('/nope')).toThrow(Error)
})

test('cloned values keep their classes', () => {
  const { port1, port2 } = new MessageChannel()
  port1.postMessage({ map: new Map(), set: new Set(), date: new Date(), error: new TypeError('x'), list: [] })
  const { map, set, date, error, list } = receiveMessageOnPort(port2)!.message
  port1.close()
  expect([map instanceof Map, set instanceof Set, date instanceof Date, list instanceof Array]).toEqual(
    Array(4).fill(true),
  )
  expect([error instanceof TypeError, error instanceof Error, error instanceof RangeError]).toEqual([true, true, false])
})

test('a subclass keeps the ordinary check', () => {
  class Own extends Map {}
  expect([new Own() instanceof Own, new Map() instanceof Own, new Own() instanceof Map]).toEqual([true, false, true])
})

test('a file that leaves something running fails, names it, and does not hang', () => {
  const config = {
    rootDir: join(root, 'dist-test', 'fixtures'),
    testMatch: ['<rootDir>/leaky.js'],
    testEnvironment: join(root, 'scripts', 'jest-env.mjs'),
    transform: {},
  }
  const jest = [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--config', JSON.stringify(config)]
  const { status, stderr } = spawnSync(process.execPath, ['--experimental-vm-modules', ...jest], { encoding: 'utf8' })
  const left = /left running: (.*)/.exec(stderr)?.[1] ?? stderr
  const kinds = left.split(', ').map((name) => name.replace(/ \d+$/, ''))
  const processes = process.platform === 'linux' ? 2 : 1
  expect(kinds).toEqual([...Array<string>(processes).fill('process'), 'worker thread'])
  expect(status).toBe(1)
})
