/**
 * TLS in front of the handshake. A door secures what it has accepted itself, so that strangers count, and are timed,
 * from their first moment on.
 */
import { isIP, type Socket } from 'node:net'
import { connect, type ConnectionOptions, createServer, type TLSSocket, type TlsOptions } from 'node:tls'
import { ProtocolError, TimeoutError } from '@troupe/core'
import { hostAndPort } from './options.js'

/** Resolves once the connection is secured. When it rejects the socket is destroyed. */
export type Secure = (raw: Socket, from: string, timeout: number) => Promise<TLSSocket>

/** @throws TypeError without a certificate; what OpenSSL says of a wrong one. */
export function secureAsServer(options: TlsOptions): Secure {
  if (!CERTIFIED.some((name) => options[name] !== undefined)) {
    throw new TypeError('Expected `tls` to hold `key` and `cert`, or `pfx`, to listen with; got neither')
  }
  // It listens nowhere: connections are handed to it.
  const server = createServer(options)
  const waiting = new Map<string, (socket: TLSSocket) => void>()
  const reasons = new Map<string, Error>()
  server.on('secureConnection', (socket) => {
    const found = waiting.get(addressOf(socket))
    if (found === undefined) socket.destroy()
    else found(socket)
  })
  server.on('tlsClientError', (error, socket) => {
    const address = addressOf(socket)
    if (waiting.has(address)) reasons.set(address, error)
  })
  return (raw, from, timeout) =>
    new Promise((resolve, reject) => {
      const address = addressOf(raw)
      const late = new TimeoutError({ what: `TLS with ${from}`, timeout })
      const timer = setTimeout(() => {
        reasons.set(address, late)
        raw.destroy()
      }, timeout).unref()
      const settle = (): void => {
        clearTimeout(timer)
        waiting.delete(address)
        reasons.delete(address)
        raw.off('close', onClose)
      }
      const onClose = (): void => {
        const cause = reasons.get(address)
        settle()
        reject(cause === late ? late : new ProtocolError({ peer: from, problem: problemOf(cause) }, { cause }))
      }
      raw.on('close', onClose)
      waiting.set(address, (socket) => {
        settle()
        socket.allowHalfOpen = true
        // What comes before the handshake listens is told by the close.
        socket.on('error', () => undefined)
        resolve(socket)
      })
      // Who ends before it is secured has nothing more to say; nobody else would notice.
      raw.allowHalfOpen = false
      server.emit('connection', raw)
    })
}

export function secureAsClient(options: ConnectionOptions, host: string): Secure {
  return (raw, from, timeout) =>
    new Promise((resolve, reject) => {
      // A name that the certificate must bear; addresses are not sent.
      const socket = connect({ ...(isIP(host) ? {} : { servername: host }), ...options, host, socket: raw })
      const timer = setTimeout(() => fail(new TimeoutError({ what: `TLS with ${from}`, timeout })), timeout).unref()
      const onClose = (): void => fail(new ProtocolError({ peer: from, problem: problemOf(undefined) }))
      function fail(error: Error): void {
        clearTimeout(timer)
        socket.destroy()
        reject(error)
      }
      // Later ones are told by the close.
      socket.on('error', fail)
      socket.once('close', onClose)
      socket.once('secureConnect', () => {
        clearTimeout(timer)
        socket.off('close', onClose)
        resolve(socket)
      })
    })
}

/** The same at both ends of one secured connection, and of no other: who stands between them cannot pass a proof on. */
export function bindingOf(socket: TLSSocket): Uint8Array {
  return socket.exportKeyingMaterial(32, 'EXPORTER-troupe-handshake', Buffer.alloc(0))
}

const CERTIFIED = ['key', 'cert', 'pfx', 'SNICallback', 'pskCallback', 'secureContext'] as const

/** No two open connections of one listener come from the same. */
function addressOf(socket: Socket): string {
  return hostAndPort(socket.remoteAddress, socket.remotePort)
}

function problemOf(cause: Error | undefined): string {
  return cause === undefined ? 'it closed the connection during TLS' : `TLS failed: ${cause.message}`
}
