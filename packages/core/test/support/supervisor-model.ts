/** What OTP says that a supervisor does, one event after the other: to compare with ours. Nothing of it is shared code. */
export type Strategy = 'one_for_one' | 'one_for_all' | 'rest_for_one'
export type RestartType = 'permanent' | 'transient' | 'temporary'
export type End = 'normal' | 'error' | 'kill'

export interface ModelChild {
  readonly id: string
  readonly restart: RestartType
  readonly significant: boolean
}

export interface ModelSpec {
  readonly strategy: Strategy
  readonly intensity: number
  readonly period: number
  readonly autoShutdown: 'never' | 'any_significant' | 'all_significant'
  readonly children: readonly ModelChild[]
}

interface Known extends ModelChild {
  running: boolean
  /** Ours, not OTP's: a child that somebody terminated is left out when its group is restarted. */
  terminated: boolean
  /** Told apart: an end that is heard of late may be that of an earlier life. */
  life: number
}

export class SupervisorModel {
  readonly spec: ModelSpec
  children: Known[] = []
  /** Starts and stops, in order. */
  readonly log: string[] = []
  /** So many of the next starts of that id fail. */
  readonly failing = new Map<string, number>()
  ended: 'limit' | 'auto' | undefined
  /**
   * Several of one_for_one ended in one moment. Ours are restarted side by side, OTP's one after the other: the order is
   * another, and one that gives up meanwhile may not have begun what OTP would have.
   */
  sideBySide = false
  now = 0
  #restarts: number[] = []
  /** Have ended, and it does not know yet. */
  #unheard: Known[] = []

  constructor(spec: ModelSpec) {
    this.spec = spec
    for (const child of spec.children) this.start(child)
  }

  get(id: string): Known | undefined {
    return this.children.find((child) => child.id === id)
  }

  which(): string[] {
    if (this.ended !== undefined) return []
    return this.children.map(({ id, running }) => `${id} ${running ? 'running' : 'down'}`)
  }

  // --- what it is asked: the answer is a code, or undefined when all is well ---------------------------------------

  start(child: ModelChild): string | undefined {
    const there = this.get(child.id)
    if (there !== undefined) return there.running ? 'ERR_CHILD_RUNNING' : 'ERR_CHILD_PRESENT'
    const known = { ...child, running: false, terminated: false, life: 0 }
    this.children.push(known)
    if (this.#begin(known)) return undefined
    this.#forget(known)
    return 'ERR_ACTOR_DOWN'
  }

  terminate(id: string): string | undefined {
    const child = this.get(id)
    if (child === undefined) return 'ERR_CHILD_NOT_FOUND'
    this.#stop(child)
    child.terminated = true
    if (child.restart === 'temporary') this.#forget(child)
    return undefined
  }

  restart(id: string): string | undefined {
    const child = this.get(id)
    if (child === undefined) return 'ERR_CHILD_NOT_FOUND'
    if (child.running) return 'ERR_CHILD_RUNNING'
    child.terminated = false
    return this.#begin(child) ? undefined : 'ERR_ACTOR_DOWN'
  }

  delete(id: string): string | undefined {
    const child = this.get(id)
    if (child === undefined) return 'ERR_CHILD_NOT_FOUND'
    if (child.running) return 'ERR_CHILD_RUNNING'
    this.#forget(child)
    return undefined
  }

  // --- what happens ------------------------------------------------------------------------------------------------

  /** All of them end before it hears of the first. */
  ends(ends: readonly (readonly [id: string, how: End])[]): void {
    const heard: [Known, number, End][] = []
    for (const [id, how] of ends) {
      const child = this.get(id)
      if (child?.running !== true) continue
      child.running = false
      if (how === 'normal') this.log.push(`stop ${id}`)
      heard.push([child, child.life, how])
    }
    this.#unheard = heard.map(([child]) => child)
    this.sideBySide = heard.length > 1 && this.spec.strategy === 'one_for_one'
    for (const [child, life, how] of heard) {
      this.#unheard = this.#unheard.filter((each) => each !== child)
      if (this.ended === undefined && this.children.includes(child) && child.life === life) this.#childEnded(child, how)
    }
  }

  #childEnded(child: Known, how: End): void {
    if (child.restart === 'permanent' || (child.restart === 'transient' && how !== 'normal')) return this.#revive(child)
    if (child.restart === 'temporary') this.#forget(child)
    const { autoShutdown } = this.spec
    if (!child.significant || autoShutdown === 'never') return
    const others = this.children.some((other) => other.significant && (other.running || this.#unheard.includes(other)))
    if (autoShutdown === 'any_significant' || !others) this.#shutDown('auto')
  }

  /** Counts, and restarts whom the strategy says, until all of them are there, or there were too many. */
  #revive(first: Known): void {
    for (let failed: Known | undefined = first; failed !== undefined; ) {
      this.#restarts.push(this.now)
      const recent = this.#restarts.filter((at) => at > this.now - this.spec.period)
      if (recent.length > this.spec.intensity) return this.#shutDown('limit')
      failed = this.#restartGroup(failed)
    }
  }

  /** The one that did not start. */
  #restartGroup(failed: Known): Known | undefined {
    const { strategy } = this.spec
    const at = this.children.indexOf(failed)
    const group = this.children.filter((child, index) => {
      if (child === failed) return true
      if (strategy === 'one_for_one' || child.terminated) return false
      return strategy === 'one_for_all' || index > at
    })
    for (const child of [...group].reverse()) {
      if (child === failed) continue
      this.#stop(child)
      if (child.restart === 'temporary') this.#forget(child)
    }
    return group.filter((child) => this.children.includes(child)).find((child) => !this.#begin(child))
  }

  #shutDown(why: 'limit' | 'auto'): void {
    for (const child of [...this.children].reverse()) this.#stop(child)
    this.ended = why
  }

  #begin(child: Known): boolean {
    this.log.push(`start ${child.id}`)
    child.life += 1
    const fails = this.failing.get(child.id) ?? 0
    if (fails > 0) this.failing.set(child.id, fails - 1)
    else child.running = true
    return fails === 0
  }

  #stop(child: Known): void {
    if (child.running) this.log.push(`stop ${child.id}`)
    child.running = false
  }

  #forget(child: Known): void {
    this.children = this.children.filter((each) => each !== child)
  }
}
