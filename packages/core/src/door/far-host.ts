import type { ConnectSystemOptions, FarHost } from '../definition/door.js'
import { expectOptions, expectString } from '../errors/expect.js'
import { ActorDownError } from '../errors/kinds.js'
import { KILLED, type Reason } from '../errors/reason.js'
import type { Channel } from '../ports/channel.js'
import type { Endpoint } from '../ports/endpoint.js'
import { newAbortController } from '../ports/signal.js'
import type { ActorRef } from '../ref/actor-ref.js'
import { Ask } from '../ref/ask.js'
import type { WaitOptions, Waits } from '../wait/wait.js'
import { Connection } from '../host/connection.js'
import { expectEndpoint } from './doors.js'
import { Starting } from '../host/starting.js'
import { launch, LaunchedHost, type Launching } from '../host/launched-host.js'
import type { StartedHost } from '../host/started-host.js'

/** How long a system may take to let us in, in milliseconds. */
const CONNECT_TIMEOUT = 30_000

/** Comes into another system. Rejects as `system.connect` does; nothing is left open then. */
export async function connect(
  system: Launching,
  endpoint: Endpoint,
  options: ConnectSystemOptions = {},
): Promise<FarHost> {
  expectEndpoint(endpoint)
  expectOptions('connect options', options, ['timeout', 'signal'])
  const { timeout = CONNECT_TIMEOUT, signal } = options
  const { clock } = system.waits
  const began = clock.now()
  const what = (): string => `connect to ${endpoint.label}`
  const channel = await reach(system, endpoint, { timeout, signal }, what)
  const left = Math.max(1, timeout - (clock.now() - began))
  const place = {
    reach: 'elsewhere' as const,
    startTimeout: CONNECT_TIMEOUT,
    launch: () => new Connection(channel, endpoint.codec, clock),
  }
  try {
    system.mustRun()
    const limits = { name: endpoint.label, timeout: left, signal }
    return new ConnectedHost(await launch(system, place, limits), system.waits)
  } catch (error) {
    channel.destroy()
    throw broken(error) ?? error
  }
}

/** What the other end did before it was let in: that is the news, not that it is down. */
function broken(error: unknown): unknown {
  const { reason } = Object(error) as { reason?: Reason }
  return reason?.type === 'error' ? reason.error : undefined
}

/** The way there. Given up when the system ends meanwhile. */
async function reach(
  { waits, children }: Launching,
  endpoint: Endpoint,
  { timeout, signal }: WaitOptions,
  what: () => string,
): Promise<Channel> {
  const abort = newAbortController()
  const starting = new Starting()
  children.add(starting)
  starting.onKill(() => abort.abort(new ActorDownError(KILLED, { actor: what() })))
  let off: (() => void) | undefined
  let coming: Promise<Channel> | undefined
  try {
    off = waits.limit(what, { signal }, (reason) => abort.abort(reason))
    coming = endpoint.connect({ timeout, signal: abort.signal })
    return await waits.bounded(what, coming, { timeout, signal: abort.signal })
  } catch (error) {
    abort.abort(error)
    // It may have come all the same.
    void coming?.then(
      (late) => late.destroy(),
      () => undefined,
    )
    throw error
  } finally {
    off?.()
    starting.end()
  }
}

class ConnectedHost extends LaunchedHost implements FarHost {
  readonly #host: StartedHost
  readonly #waits: Waits

  constructor(host: StartedHost, waits: Waits) {
    super(host, waits)
    this.#host = host
    this.#waits = waits
  }

  async whereis<P = any>(name: string): Promise<ActorRef<P> | undefined> {
    expectString('name', name)
    const ask = new Ask(this.#waits, () => `whereis('${name}') at ${this.#host.label}`, undefined, undefined)
    this.#host.peer.request('lookup', name, ask)
    return (await ask.promise) as ActorRef<P> | undefined
  }
}
