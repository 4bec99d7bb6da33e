/** Sockets of every kind keep what every endpoint promises, and their channels what every channel does. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Listening } from '@troupe/core'
import { endpointSuite, type Scope } from '@troupe/core/testing'
import { socket, type SocketOptions } from '@troupe/transport-node'
import { certificate, closeAll, folder, stranger } from '../stories/sockets.js'

afterEach(closeAll)

const authKey = 'correct horse battery staple'
const unix = (): { here: SocketOptions } => ({ here: { path: join(folder(), 's'), authKey } })
const tcp = (): { here: SocketOptions } => ({ here: { port: 0, authKey } })

function tls(): { here: SocketOptions; there: object } {
  const { key, cert } = certificate()
  return { here: { port: 0, authKey, tls: { key, cert } }, there: { host: 'localhost', tls: { ca: cert } } }
}

const places: [string, () => { here: SocketOptions; there?: object }][] = [
  ['a unix socket', unix],
  ['TCP', tcp],
  ['TLS', tls],
]

/** Speaks no Troupe. */
function intrude({ label, port }: Listening): void {
  const raw = stranger(port === undefined ? { path: label.replace(/^unix:/, '') } : { port, authKey })
  raw.socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
}

/** Accepts, and says nothing. */
async function silent(scope: Scope) {
  const server = createServer((each) => scope.defer(() => each.destroy())).listen(0, '127.0.0.1')
  scope.defer(() => server.close())
  await once(server, 'listening')
  return socket({ port: (server.address() as { port: number }).port, authKey })
}

describe.each(places)('%s', (_, place) => {
  const make = () => {
    const { here, there } = place()
    return {
      endpoint: socket(here),
      there: ({ port }: Listening) =>
        socket(port === undefined ? here : ({ ...here, port, ...there } as SocketOptions)),
    }
  }
  for (const { name, run } of endpointSuite(make, { intrude, silent })) test(name, run)
})
