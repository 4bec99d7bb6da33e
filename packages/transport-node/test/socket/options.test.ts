/** Wrong options, and addresses that nobody guards, fail before anything is opened. */
import { resolve } from 'node:path'
import { socket, type SocketOptions } from '@troupe/transport-node'

const refused = (options: unknown): Error => {
  try {
    socket(options as SocketOptions)
  } catch (error) {
    return error as Error
  }
  throw new Error('Expected a throw')
}

describe('an address', () => {
  test.each([
    [{ path: '/run/shop.sock' }, 'unix:/run/shop.sock', true],
    [{ path: 'shop.sock', authKey: 'k' }, `unix:${resolve('shop.sock')}`, true],
    [{ port: 7_000, authKey: 'k' }, 'tcp:127.0.0.1:7000', true],
    [{ host: '::1', port: 0, authKey: new Uint8Array(1) }, 'tcp:[::1]:0', true],
    [{ host: 'example.org', port: 7_000, insecure: true }, 'tcp:example.org:7000', false],
    [{ port: 7_000, authKey: 'k', insecure: false, tls: true as const }, 'tls:127.0.0.1:7000', true],
  ])('of %j is called %s; trusted: %p', (options, label, trusted) => {
    expect(socket(options)).toMatchObject({ label, trusted, codec: { name: 'msgpack-apart' } })
  })

  test.each([{ port: 7_000 }, { host: '127.0.0.1', port: 7_000, insecure: false }, { port: 1, tls: true }])(
    'that is neither private nor guarded is refused, naming both cures: %j',
    (options) => {
      const error = refused(options)
      expect(error).toBeInstanceOf(TypeError)
      expect(error.message).toMatch(/`authKey`.*`insecure: true`/)
    },
  )

  test('that is guarded and open at once is refused', () => {
    expect(refused({ port: 1, authKey: 'k', insecure: true }).message).toContain('contradict each other')
  })
})

const LONG = `/tmp/${'x'.repeat(120)}`

test.each<[unknown, typeof TypeError | typeof RangeError, string | RegExp]>([
  [undefined, TypeError, 'Expected `socket options` to be an object, got undefined (undefined)'],
  [{}, TypeError, 'Expected `path` or `port` in socket options, got neither'],
  [{ path: '' }, TypeError, "Expected `path` to be a non-empty string, got '' (string)"],
  [{ path: '\0abstract' }, TypeError, 'without zero bytes'],
  [{ path: LONG }, RangeError, new RegExp(`at most 10[37] bytes long.*, got ${LONG.length}: ${LONG}`)],
  [{ path: '/a', port: 1 }, TypeError, 'Unknown option `port` in socket options with a path'],
  [{ path: '/a', tls: true }, TypeError, 'Unknown option `tls` in socket options with a path'],
  [{ port: '80', authKey: 'k' }, TypeError, "Expected `port` to be an integer from 0 to 65535, got '80' (string)"],
  [{ port: 65_536, authKey: 'k' }, RangeError, 'Expected `port` to be an integer from 0 to 65535, got 65536'],
  [{ port: 1, host: 7, authKey: 'k' }, TypeError, 'Expected `host` to be a non-empty string, got 7 (number)'],
  [{ port: 1, authKey: '' }, TypeError, "Expected `authKey` to be a non-empty string or Uint8Array, got ''"],
  [{ port: 1, authKey: 7 }, TypeError, 'Expected `authKey` to be a non-empty string or Uint8Array, got number'],
  [{ port: 1, authKey: new Uint8Array() }, TypeError, '`authKey`'],
  [{ port: 1, insecure: 'yes' }, TypeError, "Expected `insecure` to be a boolean, got 'yes' (string)"],
  [{ port: 1, authKey: 'k', tls: 'yes' }, TypeError, "Expected `tls` to be true or options of node:tls, got 'yes'"],
  [{ port: 1, authKey: 'k', handshakeTimeout: 0 }, RangeError, 'Expected `handshakeTimeout` to be a number from 1'],
  [{ port: 1, authKey: 'k', backlog: 1.5 }, RangeError, 'Expected `backlog` to be an integer of at least 1, got 1.5'],
  [{ port: 1, authkey: 'k' }, TypeError, 'Unknown option `authkey` in socket options'],
])('%j is refused', (options, Class, message) => {
  const error = refused(options)
  expect(error).toBeInstanceOf(Class)
  if (typeof message === 'string') expect(error.message).toContain(message)
  else expect(error.message).toMatch(message)
})

test('a key is never shown in an error', () => {
  expect(refused({ port: 1, authKey: ['my secret'] }).message).not.toContain('secret')
})
