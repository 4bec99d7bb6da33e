/** What the stories of sockets share: listening ends that keep what they are told, strangers, a certificate. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Channel, Listening } from '@troupe/core'
import { socket, type SocketOptions } from '@troupe/transport-node'
import { until } from './support.js'

/** Things to be ended after each test. */
const open: (() => void | Promise<void>)[] = []

export async function closeAll(): Promise<void> {
  for (const end of open.splice(0).reverse()) await end()
}

/** A folder of its own, gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'troupe-'))
  open.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** One end of a channel, opened at once, and all that came of it. */
export class Talk {
  readonly channel: Channel
  readonly from: string
  #chunks: Uint8Array[] = []
  drains = 0
  closed = 0

  constructor(channel: Channel, from = '') {
    this.channel = channel
    this.from = from
    channel.open({
      onData: (chunk) => this.#chunks.push(chunk),
      onDrain: () => void (this.drains += 1),
      onClose: () => void (this.closed += 1),
    })
    open.push(() => channel.destroy())
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  say(text: string): void {
    this.channel.send(Buffer.from(text))
  }

  async hears(text: string): Promise<void> {
    await until(() => this.bytes.toString() === text, `to hear '${text}', heard '${this.bytes}'`)
  }
}

export interface Inn {
  listening: Listening
  guests: Talk[]
  refused: { error: Error & { code?: string }; from: string }[]
  /** The options with which others reach it. */
  there: SocketOptions
}

/** Listens, opens each channel that comes in, and keeps all that it is told. */
export async function inn(options: SocketOptions): Promise<Inn> {
  const guests: Talk[] = []
  const refused: Inn['refused'] = []
  const listening = await socket(options).listen({
    onChannel: (channel, from) => guests.push(new Talk(channel, from)),
    onRefused: (error, from) => refused.push({ error, from }),
  })
  open.push(() => listening.close())
  const there = 'path' in options ? options : { ...options, port: listening.port as number }
  return { listening, guests, refused, there }
}

/** Comes in as an honest peer does. */
export async function visit(options: SocketOptions): Promise<Talk> {
  return new Talk(await socket(options).connect({ timeout: 10_000 }))
}

export async function talks(host: Inn, there: SocketOptions = host.there): Promise<void> {
  const before = host.guests.length
  const guest = await visit(there)
  await until(() => host.guests.length > before, 'the guest')
  guest.say('good day')
  await host.guests[before]?.hears('good day')
  host.guests[before]?.say('welcome')
  await guest.hears('welcome')
}

/** Somebody who speaks no Troupe unless told what to say. */
export function stranger(there: SocketOptions): { socket: Socket; heard(): Buffer; over: boolean } {
  const chunks: Buffer[] = []
  const raw = 'path' in there ? connect({ path: there.path }) : connect({ host: there.host, port: there.port })
  const result = { socket: raw, heard: () => Buffer.concat(chunks), over: false }
  raw.on('data', (chunk: Buffer) => chunks.push(chunk))
  raw.on('error', () => undefined)
  raw.on('close', () => void (result.over = true))
  open.push(() => void raw.destroy())
  return result
}

interface Certificate {
  key: Buffer
  cert: Buffer
}
let made: Certificate | undefined

/** A certificate for `localhost` that nobody has signed; one for all tests of a file. */
export function certificate(): Certificate {
  made ??= makeCertificate()
  return made
}

function makeCertificate(): Certificate {
  const [key, cert] = [join(folder(), 'key.pem'), join(folder(), 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', [...request, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' })
  return { key: readFileSync(key), cert: readFileSync(cert) }
}
