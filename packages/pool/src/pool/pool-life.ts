import type { Reason } from '@troupe/core'
import type { Asker, Target } from '@troupe/core/internal'
import type { Pool } from './pool.js'

/**
 * One life of a pool as its supervisor deals with it. To stop it is to stop the pool, not only its actor: that would take
 * no more reports of the chunks that are still at work, and their results would be lost.
 */
export class PoolLife implements Target {
  readonly #actor: Target
  readonly #pool: Pool

  constructor(actor: Target, pool: Pool) {
    this.#actor = actor
    this.#pool = pool
  }

  stop({ timeout }: { readonly timeout: number }): void {
    void this.#pool.stop({ timeout })
  }

  kill(): void {
    void this.#pool.terminate()
  }

  // --- as its actor -----------------------------------------------------------------------------------------------

  get address(): Target['address'] {
    return this.#actor.address
  }

  get home(): object {
    return this.#actor.home
  }

  get label(): string {
    return this.#actor.label
  }

  get capacity(): number {
    return this.#actor.capacity
  }

  get open(): boolean {
    return this.#actor.open
  }

  get exited(): Promise<Reason> {
    return this.#actor.exited
  }

  get ended(): Reason | undefined {
    return this.#actor.ended
  }

  tell(name: string, arg: unknown, options: Parameters<Target['tell']>[2]): boolean {
    return this.#actor.tell(name, arg, options)
  }

  ask(name: string, arg: unknown, asker: Asker): void {
    this.#actor.ask(name, arg, asker)
  }

  room(): Promise<void> {
    return this.#actor.room()
  }

  onEnd(watcher: Parameters<Target['onEnd']>[0]): void {
    this.#actor.onEnd(watcher)
  }

  offEnd(watcher: Parameters<Target['offEnd']>[0]): void {
    this.#actor.offEnd(watcher)
  }

  linkedBy(...link: Parameters<Target['linkedBy']>): void {
    this.#actor.linkedBy(...link)
  }
}
