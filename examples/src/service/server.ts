/**
 * The HTTP server as an actor. It lives in the main process: the pool is a value of that, connections outlive whatever
 * happens to the others, and it does no work of its own that could hold up or crash the process of the supervisor.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { defineActor } from '@troupe/core'
import { answer, type Parts, type Reply } from './routes.js'

/** Milliseconds that a request may take, restarts of those it needs included. */
const DEADLINE = 15_000

interface State {
  readonly http: Server
  readonly parts: Parts
  phase: 'open' | 'closing'
  inFlight: number
  /** Called when the last request is answered. */
  idle: () => void
}

export const server = defineActor({
  init: async ({ port, parts }: { port: number; parts: Parts }, ctx): Promise<State> => {
    const http = createServer()
    const state: State = { http, parts, phase: 'open', inFlight: 0, idle: () => undefined }
    http.on('request', (request, response) => void serve(state, request, response))
    // However it ends, the port must be free for its next life.
    ctx.signal.addEventListener('abort', () => {
      http.close()
      http.closeAllConnections()
    })
    http.listen(port, '127.0.0.1')
    await once(http, 'listening')
    return state
  },
  on: {
    address: ({ http }): string => `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
  },
  /** It is stopped first, so all that the requests in flight need is still there. */
  async onStop(state) {
    state.phase = 'closing'
    if (state.inFlight > 0) await new Promise<void>((idle) => Object.assign(state, { idle }))
    state.http.close()
    state.http.closeIdleConnections()
  },
})

async function serve(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (state.phase === 'closing') return send(response, { status: 503, body: 'The service is stopping' })
  state.inFlight += 1
  response.once('close', () => {
    state.inFlight -= 1
    if (state.inFlight === 0) state.idle()
  })
  const url = new URL(request.url ?? '/', 'http://localhost')
  try {
    send(response, await answer(url, state.parts, AbortSignal.timeout(DEADLINE)))
  } catch (error) {
    send(response, { status: 500, body: String(error) })
  }
}

function send(response: ServerResponse, { status, body }: Reply): void {
  // No client is to come again over a connection that is about to end.
  if (status === 503) response.setHeader('connection', 'close')
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${body}\n`)
}
