import type { DynamicSupervisor } from '../definition/supervise.js'
import { wrongType } from '../errors/expect.js'
import { targetOf } from '../ref/ref.js'
import { checkChild } from '../supervisor/settings.js'
import { type Supervised, SupervisingHandle } from './supervising-handle.js'

/** A supervisor of children that come and go, as users hold it. Its children are told apart by what `ref` would give. */
export class DynamicHandle extends SupervisingHandle implements DynamicSupervisor<unknown, unknown> {
  readonly #lives: Supervised
  readonly #child: (input: unknown) => unknown
  /** Of children that are no actors. */
  readonly #keys = new WeakMap<object, string>()
  #next = 0

  constructor(lives: Supervised, child: (input: unknown) => unknown) {
    super(lives)
    this.#lives = lives
    this.#child = child
  }

  async startChild(input: unknown): Promise<any> {
    const described = this.#child(input)
    checkChild(described, 'child', 'any_significant')
    this.#next += 1
    const key = `child ${this.#next}`
    const plan = this.#lives.planOf(described, key)
    const { handle } = plan.incarnations
    const target = targetOf(handle)
    if (target === undefined) this.#keys.set(handle as object, key)
    return this.start(target === undefined ? plan : { ...plan, key: (handle as { id: string }).id })
  }

  async terminateChild(ref: unknown): Promise<void> {
    if (typeof ref !== 'object' || ref === null) throw wrongType('ref', 'what startChild resolved with', ref)
    const key = targetOf(ref) === undefined ? this.#keys.get(ref) : (ref as { id: string }).id
    if (key === undefined) throw wrongType('ref', 'what startChild resolved with', ref)
    await this.ask('terminateChild', key)
  }
}
