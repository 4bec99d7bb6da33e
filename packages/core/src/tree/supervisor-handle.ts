import type { Children, IdIn, RefIn } from '../definition/child-spec.js'
import type { ChildSettings, Supervisor } from '../definition/supervise.js'
import { expectString } from '../errors/expect.js'
import { SupervisorError } from '../errors/kinds.js'
import { checkChild, type SupervisorSettings } from '../supervisor/settings.js'
import { type Supervised, SupervisingHandle } from './supervising-handle.js'

/** A supervisor of named children, as users hold it. */
export class SupervisorHandle extends SupervisingHandle implements Supervisor {
  declare readonly '~children': Children
  readonly #lives: Supervised
  readonly #autoShutdown: SupervisorSettings['autoShutdown']

  constructor(lives: Supervised, autoShutdown: SupervisorSettings['autoShutdown']) {
    super(lives)
    this.#lives = lives
    this.#autoShutdown = autoShutdown
  }

  ref(id: string): any {
    return this.#handleOf(id)
  }

  supervisor<Id extends IdIn<Children[number], 'supervisor'>>(id: Id): RefIn<Children[number], Id> {
    return this.#handleOf(id) as RefIn<Children[number], Id>
  }

  async startChild(spec: unknown): Promise<any> {
    checkChild(spec, 'spec', this.#autoShutdown)
    return this.start(this.#lives.planOf(spec))
  }

  async terminateChild(id: string): Promise<void> {
    expectString('id', id)
    await this.ask('terminateChild', id)
  }

  async restartChild(id: string): Promise<void> {
    expectString('id', id)
    await this.ask('restartChild', id)
  }

  async deleteChild(id: string): Promise<void> {
    expectString('id', id)
    await this.ask('deleteChild', id)
  }

  childSpec(id: string): ChildSettings | undefined {
    const plan = this.#lives.view?.get(id)
    if (plan === undefined) return undefined
    const { type, restart, shutdown, significant } = plan
    return { id, type, restart, shutdown, significant }
  }

  #handleOf(id: string): unknown {
    expectString('id', id)
    const handle = this.#lives.handleOf(id)
    if (handle === undefined) throw new SupervisorError('ERR_CHILD_NOT_FOUND', { id })
    return handle
  }
}
