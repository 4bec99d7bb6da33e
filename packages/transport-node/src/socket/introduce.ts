/**
 * The handshake over a socket: within a time, and with a word to who is turned away. Until it is done no byte goes
 * anywhere else; afterwards the socket is paused, and what followed stands in it to be read.
 */
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type Channel, TimeoutError } from '@troupe/core'
import { SocketChannel } from '../channel/socket.js'
import { TlsChannel } from '../channel/tls.js'
import { Handshake, type HandshakeOptions, NONCE_BYTES, type Role, type Step } from './handshake.js'
import type { SocketPlace } from './options.js'
import { bindingOf, type Secure } from './secure.js'

/**
 * Makes a channel of a connected socket: TLS by `secure`, then the handshake, in `handshakeTimeout` together. When it
 * rejects the socket is, or soon will be, destroyed.
 */
export async function introduceTo(
  raw: Socket,
  { key, handshakeTimeout }: Pick<SocketPlace, 'key' | 'handshakeTimeout'>,
  role: Role,
  peer: string,
  secure?: Secure,
): Promise<Channel> {
  const start = performance.now()
  if (secure === undefined) {
    await introduce(raw, { role, key, peer, timeout: handshakeTimeout })
    return new SocketChannel(raw)
  }
  const socket: TLSSocket = await secure(raw, peer, handshakeTimeout)
  const timeout = Math.max(1, handshakeTimeout - (performance.now() - start))
  await introduce(socket, { role, key, peer, timeout, binding: bindingOf(socket) })
  return new TlsChannel(socket)
}

export interface IntroduceOptions extends Omit<HandshakeOptions, 'nonce'> {
  /** Milliseconds for the whole of it. */
  readonly timeout: number
}

/** The handshake over a socket that is connected. */
export function introduce(socket: Socket, { timeout, ...options }: IntroduceOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const handshake = new Handshake({ ...options, nonce: randomBytes(NONCE_BYTES) })
    const what = `The handshake with ${options.peer}`
    // The socket decides whether it keeps the process alive.
    const timer = setTimeout(() => fail(new TimeoutError({ what, timeout: Math.round(timeout) })), timeout).unref()

    const leave = (): void => {
      clearTimeout(timer)
      socket.off('data', onData).off('end', onEnd).off('error', fail).off('close', onEnd)
    }
    function fail(error: unknown): void {
      leave()
      socket.destroy()
      reject(error as Error)
    }
    function onEnd(): void {
      fail(handshake.ended())
    }
    function onData(chunk: Buffer): void {
      const step = handshake.push(chunk)
      if (step.state === 'done') finish(step)
      else if (step.state === 'refused') refuse(step)
      else if (step.send.length > 0) socket.write(step.send)
    }
    function finish({ send, rest }: Step & { state: 'done' }): void {
      leave()
      socket.pause()
      if (send.length > 0) socket.write(send)
      if (rest.length > 0) socket.unshift(rest)
      resolve()
    }
    function refuse({ send, error }: Step & { state: 'refused' }): void {
      if (send.length === 0) return fail(error)
      leave()
      lastWord(socket, send, timeout)
      reject(error)
    }

    socket.on('error', () => undefined)
    socket.on('data', onData).on('end', onEnd).on('error', fail).on('close', onEnd)
    const first = handshake.start()
    if (first.length > 0) socket.write(first)
    socket.resume()
  })
}

/** How much a refused peer may still say before it is cut off. */
const PATIENCE = 64 * 1024

/**
 * Says why, and closes once the peer has. Closing at once, with bytes of his unread, would make the kernel take our
 * word back.
 */
function lastWord(socket: Socket, bytes: Uint8Array, timeout: number): void {
  let heard = 0
  const late = setTimeout(() => socket.destroy(), timeout).unref()
  socket.on('close', () => clearTimeout(late))
  socket.on('end', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.length
    if (heard > PATIENCE) socket.destroy()
  })
  socket.end(bytes)
}
