import type { Cell } from '../actor/cell.js'
import { type ActorChild } from '../definition/child-spec.js'
import { isDefinition } from '../definition/define.js'
import type { Reason } from '../errors/reason.js'
import { hostBehind, isLauncher, revive } from '../host/launched-host.js'
import { mailboxOptions } from '../mailbox/options.js'
import { newAbortController, type Signal } from '../ports/signal.js'
import type { Ref } from '../ref/ref.js'
import type { Target } from '../ref/target.js'
import type { Spawner } from '../spawn/spawner.js'
import type { Incarnations } from '../supervisor/incarnations.js'
import type { Life, StableActor, StableGiven } from '../supervisor/stable-actor.js'
import type { Waits } from '../wait/wait.js'

/** Messages that may be with a child's process and not handled, unless its spec says otherwise. */
const HANDOVER = 1_024

/** What starting a supervised actor needs of the system. */
export interface ActorHome {
  readonly waits: Waits
  readonly spawner: Spawner
  newStable(given: Omit<StableGiven, 'address'>): StableActor
  refOf(target: Target): Ref
}

/** The lives of a supervised actor, behind one ref. */
export class ActorIncarnations implements Incarnations {
  readonly handle: Ref
  readonly #home: ActorHome
  readonly #id: string
  readonly #child: ActorChild
  readonly #stable: StableActor

  constructor(home: ActorHome, id: string, child: ActorChild) {
    const { actor, options } = child
    const [here, mailbox] = isDefinition(actor) ? [!isLauncher(options.on), actor.mailbox] : [false, mailboxOptions({})]
    this.#home = home
    this.#id = id
    this.#child = child
    const behaviour = here && isDefinition(actor) ? actor : undefined
    this.#stable = home.newStable({ name: options.name ?? id, copies: !here, mailbox, behaviour })
    this.handle = home.refOf(this.#stable)
  }

  async start(supervisor: Target, number: number, signal: Signal): Promise<Target | undefined> {
    const { actor, input, options } = this.#child
    const { maxRunTime, handover = HANDOVER, ...spawn } = options
    const either = this.#either(signal, options.signal)
    try {
      await this.#reviveHost(either.signal)
      const target = await this.#home.spawner.start(
        actor,
        input,
        {
          ...spawn,
          signal: either.signal,
          title: options.name ?? this.#id,
          maxRunTime,
          life: { child: this.#id, incarnation: number, handover, lasting: this.handle },
        },
        supervisor as Cell,
        false,
      )
      if (target !== undefined) this.#stable.live(target as Life, number)
      return target
    } finally {
      either.end()
    }
  }

  close(reason: Reason): void {
    this.#stable.close(reason)
  }

  end(reason: Reason): void {
    this.#stable.end(reason)
  }

  /** Given up, it comes up all the same: others may want to live there too. */
  async #reviveHost(signal: Signal): Promise<void> {
    const { on } = this.#child.options
    if (hostBehind(on) === undefined) return
    await this.#home.waits.bounded(() => `the start of the host of ${this.#id}`, revive(on), { signal })
  }

  /** The supervisor's signal, and the one in the child's own options. */
  #either(own: Signal, given: Signal | undefined): { signal: Signal; end(): void } {
    if (given === undefined) return { signal: own, end: () => undefined }
    if (given.aborted) return { signal: given, end: () => undefined }
    const abort = newAbortController()
    const { signals } = this.#home.waits
    const offs = [own, given].map((each) => signals.on(each, (reason) => abort.abort(reason)))
    return { signal: abort.signal, end: () => offs.forEach((off) => off()) }
  }
}
