/** What `socket()` is given, checked once; the rules about who must prove what stand here. */
import { resolve } from 'node:path'
import type { ConnectionOptions, TlsOptions } from 'node:tls'
import { expectBoolean, expectNumber, expectOptions, expectString, wrongType } from '@troupe/core/internal'

interface CommonOptions {
  /**
   * A secret that both ends know; each proves it to the other, and it never travels. Take 32 random bytes: who listens
   * in the other's place can try guesses at a weak one.
   */
  readonly authKey?: string | Uint8Array | undefined
  /** Milliseconds that a connection has to prove that it may come in; TLS included. Default 5,000. */
  readonly handshakeTimeout?: number | undefined
  /** How many may be between their connection and their proof; more are dropped at once. Default 64. */
  readonly backlog?: number | undefined
}

/** A Unix socket. It belongs to the user: the system lets nobody else in. */
export interface UnixSocketOptions extends CommonOptions {
  /** A file, at most 107 bytes (103 on macOS) as an absolute path. */
  readonly path: string
}

/** A TCP socket. It needs `authKey`, or the word that it is meant to be open to everybody. */
export interface TcpSocketOptions extends CommonOptions {
  /** A name or an address. Default '127.0.0.1'. */
  readonly host?: string | undefined
  /** 0 to 65,535; with 0 the system chooses when listening. */
  readonly port: number
  /**
   * Lets in everybody who reaches the address; not together with `authKey`. They may then do all but name modules to load,
   * unless `listen` names some. Default false.
   */
  readonly insecure?: boolean | undefined
  /**
   * Encrypts. Options of `node:tls`: `key`, `cert` and the like to listen, `ca`, `servername` and the like to connect;
   * true for the defaults of connecting. TLS 1.3 unless `minVersion` says otherwise.
   */
  readonly tls?: true | (TlsOptions & ConnectionOptions) | undefined
}

/** Options of `socket`: a Unix socket by `path`, else a TCP socket by `port`. */
export type SocketOptions = UnixSocketOptions | TcpSocketOptions

/** As checked: no field is missing. */
export interface SocketPlace {
  readonly where:
    | { readonly kind: 'unix'; readonly path: string }
    | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  readonly key: Uint8Array | undefined
  /** The file's permissions or the key keep strangers out. */
  readonly trusted: boolean
  readonly tls: (TlsOptions & ConnectionOptions) | undefined
  readonly handshakeTimeout: number
  readonly backlog: number
}

const COMMON = ['authKey', 'handshakeTimeout', 'backlog']

/** @throws TypeError, RangeError for wrong options, and for an address that is neither private nor guarded by a key. */
export function socketPlace(options: SocketOptions): SocketPlace {
  if (typeof options !== 'object' || options === null) throw wrongType('socket options', 'an object', options)
  const { handshakeTimeout = 5_000, backlog = 64 } = options
  const common = {
    key: keyOf(options.authKey),
    handshakeTimeout: expectNumber('handshakeTimeout', handshakeTimeout, { min: 1, max: 2_147_483_647 }),
    backlog: expectNumber('backlog', backlog, { min: 1, integer: true }),
  }
  if ('path' in options && options.path !== undefined) {
    expectOptions('socket options with a path', options, ['path', ...COMMON])
    return { ...common, where: { kind: 'unix', path: unixPath(options.path) }, trusted: true, tls: undefined }
  }
  const tcp = options as TcpSocketOptions
  expectOptions('socket options', tcp, ['path', 'host', 'port', 'insecure', 'tls', ...COMMON])
  const { host = '127.0.0.1', port, insecure = false } = tcp
  if (port === undefined) throw new TypeError('Expected `path` or `port` in socket options, got neither')
  expectString('host', host)
  expectNumber('port', port, { min: 0, max: 65_535, integer: true })
  expectBoolean('insecure', insecure)
  if ((common.key === undefined) !== insecure) throw new TypeError(insecure ? BOTH : NEITHER)
  return { ...common, where: { kind: 'tcp', host, port }, trusted: !insecure, tls: tlsOf(tcp.tls) }
}

/**
 * Each way ends by itself, and small frames go at once. Of peers whose machine or network went away without a word the
 * system asks after 30 s of silence.
 */
export const EVERY_SOCKET = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 }

/** `unix:/run/shop.sock`, `tcp:127.0.0.1:7000`, `tls:[::1]:7000`; `port` when it is another than the options'. */
export function labelOf({ where, tls }: SocketPlace, port?: number): string {
  if (where.kind === 'unix') return `unix:${where.path}`
  return `${tls === undefined ? 'tcp' : 'tls'}:${hostAndPort(where.host, port ?? where.port)}`
}

export function hostAndPort(host: string | undefined, port: number | undefined): string {
  return host?.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

const NEITHER =
  'Whoever reaches this address could come in. Give `authKey`, a secret that both ends know, or say `insecure: true`'
const BOTH = '`authKey` and `insecure: true` contradict each other: give one of them'

/** A copy: what the caller does to his bytes later changes nothing. */
function keyOf(key: unknown): Uint8Array | undefined {
  if (key === undefined) return undefined
  const isBytes = ArrayBuffer.isView(key) && Object.prototype.toString.call(key) === '[object Uint8Array]'
  if ((typeof key !== 'string' && !isBytes) || (key as string | Uint8Array).length === 0) {
    // Not shown: it may be most of a secret.
    throw new TypeError(
      `Expected \`authKey\` to be a non-empty string or Uint8Array, got ${key === '' ? "''" : typeof key}`,
    )
  }
  return typeof key === 'string' ? Buffer.from(key, 'utf8') : Uint8Array.from(key as Uint8Array)
}

/** What the system's address of a socket holds, less its last zero byte. */
const PATH_BYTES = process.platform === 'linux' ? 107 : 103

function unixPath(path: unknown): string {
  expectString('path', path)
  if ((path as string).includes('\0')) throw wrongType('path', 'the path of a file, without zero bytes', path)
  const absolute = resolve(path as string)
  const bytes = Buffer.byteLength(absolute)
  if (bytes <= PATH_BYTES) return absolute
  throw new RangeError(
    `Expected \`path\` to be at most ${PATH_BYTES} bytes long, which is all that a socket's address holds, got ${bytes}: ${absolute}`,
  )
}

function tlsOf(tls: unknown): SocketPlace['tls'] {
  if (tls === undefined) return undefined
  if (tls !== true && (typeof tls !== 'object' || tls === null))
    throw wrongType('tls', 'true or options of node:tls', tls)
  return { minVersion: 'TLSv1.3', ...(tls === true ? {} : tls) }
}
