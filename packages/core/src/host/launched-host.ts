/** A host for several actors, as users hold it. */
import type { Host, LaunchOptions } from '../definition/host.js'
import type { Children } from '../actor/children.js'
import { expectOptions, expectString, expectTimeout, wrongType } from '../errors/expect.js'
import type { Reason } from '../errors/reason.js'
import { LAUNCHED_HOST } from '../message/data.js'
import type { Launcher, Placement, Reach } from '../ports/placement.js'
import type { StopOptions } from '../ref/actor-ref.js'
import type { Waits } from '../wait/wait.js'
import type { Hosts } from './hosts.js'
import type { StartedHost } from './started-host.js'
import { Starting } from './starting.js'

export class LaunchedHost implements Host {
  readonly reach = 'elsewhere'
  readonly #waits: Waits
  readonly #launch: (() => Promise<StartedHost>) | undefined
  #host: StartedHost
  #relaunched: Promise<void> | undefined

  /** `launch` starts another in its place, where that can be. */
  constructor(host: StartedHost, waits: Waits, launch?: () => Promise<StartedHost>) {
    this.#host = host
    this.#waits = waits
    this.#launch = launch
    const behind: Behind = { host: () => this.#host, revive: () => this.#revive() }
    // Hidden; a brand, since a process may hold two copies of this package.
    Object.defineProperty(this, HOST, { value: behind })
  }

  get id(): string {
    return String(this.#host.number)
  }

  get pid(): number | undefined {
    return this.#host.pid
  }

  get threadId(): number | undefined {
    return this.#host.threadId
  }

  get stdout(): AsyncIterable<Uint8Array> | undefined {
    return this.#host.stdout
  }

  get stderr(): AsyncIterable<Uint8Array> | undefined {
    return this.#host.stderr
  }

  get exited(): Promise<Reason> {
    return this.#host.exited
  }

  async stop(options: Pick<StopOptions, 'timeout'> = {}): Promise<Reason> {
    expectOptions('stop options', options, ['timeout'])
    const { timeout = 5_000 } = options
    expectTimeout('timeout', timeout)
    this.#host.stop(timeout)
    return this.#waits.bounded(() => `stop() of ${this.#host.label}`, this.exited)
  }

  async kill(): Promise<Reason> {
    this.#host.kill()
    return this.#waits.bounded(() => `kill() of ${this.#host.label}`, this.exited)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** A supervised child wants to live there again: one start for all that do. */
  async #revive(): Promise<void> {
    if (this.#host.ending === undefined || this.#launch === undefined) return
    this.#relaunched ??= this.#startAnew(this.#launch).finally(() => {
      this.#relaunched = undefined
    })
    await this.#relaunched
  }

  async #startAnew(start: () => Promise<StartedHost>): Promise<void> {
    await this.#host.exited
    this.#host = await start()
  }

  /** By which codecs know that it is no data. */
  get [Symbol.toStringTag](): string {
    return LAUNCHED_HOST
  }
}

const HOST: unique symbol = Symbol.for('@troupe/host') as never

interface Behind {
  host(): StartedHost
  revive(): Promise<void>
}

/** What stands behind a launched host of any copy of this package; undefined for every other placement. */
export function hostBehind(placement: Placement | undefined): StartedHost | undefined {
  return behind(placement)?.host()
}

/** Starts a launched host anew when it has ended; all else is as it was. Rejects as `system.launch`. */
export async function revive(placement: Placement | undefined): Promise<void> {
  await behind(placement)?.revive()
}

const behind = (placement: Placement | undefined): Behind | undefined =>
  (placement as { [HOST]?: Behind } | undefined)?.[HOST]

export function isLauncher(placement: unknown): placement is Launcher<Reach> {
  return typeof (placement as { launch?: unknown } | undefined | null)?.launch === 'function'
}

/** What launching needs of the system. */
export interface Launching {
  /** Throws TroupeError (ERR_SYSTEM_STOPPED). */
  mustRun(): void
  readonly waits: Waits
  readonly hosts: Hosts
  /** What ends with the system. */
  readonly children: Children
}

/** Starts a host and waits for its answer. Rejects as `system.launch` does; nothing is left then. */
export async function launch(
  system: Launching,
  placement: Launcher<Reach>,
  options: LaunchOptions = {},
): Promise<StartedHost> {
  const { waits, hosts, children } = system
  // One that is started anew has waited for the end of the last: the system may have ended meanwhile.
  system.mustRun()
  expectOptions('launch options', options, ['name', 'timeout', 'signal'])
  const { name = 'host', timeout, signal } = options
  expectString('name', name)
  if (!isLauncher(placement)) throw wrongType('placement', 'one that starts hosts, such as childProcess()', placement)
  if (signal?.aborted === true) throw signal.reason
  const starting = new Starting()
  children.add(starting)
  try {
    const host = await hosts.launch(placement, name, 'shared')
    starting.onKill(() => host.kill())
    try {
      const limits = { signal, timeout: timeout ?? placement.startTimeout }
      await waits.bounded(() => `launch of ${name}`, host.greeted, limits)
      return host
    } catch (error) {
      host.kill()
      await host.exited
      throw error
    }
  } finally {
    starting.end()
  }
}
