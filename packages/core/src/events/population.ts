/** Who lives where, as far as events have told: what `tree()` draws. Complete at the root. */
import type { SystemEvent } from '../definition/system.js'

interface Resident {
  readonly id: string
  readonly name: string | undefined
  /** The id of the supervised child that it is a life of. */
  readonly child: string | undefined
  readonly parent: string | undefined
  readonly host: number
  readonly pid: number | undefined
  readonly threadId: number | undefined
}

export class Population {
  readonly #residents = new Map<string, Resident>()
  /** Hosts come and go, and each end asks only for its own. */
  readonly #byHost = new Map<number, Map<string, Resident>>()

  observe(event: SystemEvent): void {
    if (event.type === 'down') this.#gone(event.id)
    if (event.type !== 'spawned') return
    const { id, name, child, parent, host, pid, threadId } = event
    const resident = { id, name, child, parent, host, pid, threadId }
    this.#residents.set(id, resident)
    const there = this.#byHost.get(host) ?? new Map<string, Resident>()
    this.#byHost.set(host, there.set(id, resident))
  }

  /** Whoever lived on that host, as events tell of them; they are gone with it. */
  hostGone(host: number): { id: string; name?: string; child?: string }[] {
    const there = [...(this.#byHost.get(host)?.values() ?? [])]
    for (const { id } of there) this.#residents.delete(id)
    this.#byHost.delete(host)
    return there.map(({ id, name, child }) => ({
      id,
      ...(name === undefined ? {} : { name }),
      ...(child === undefined ? {} : { child }),
    }))
  }

  /** Lines such as `├─ pool (1.17)` under `title`; `stateOf` adds what is known of a local actor. */
  draw(title: string, stateOf: (id: string) => string): string {
    const lines = [title]
    const below = new Map<string | undefined, Resident[]>()
    for (const each of this.#residents.values()) {
      const parent = each.parent !== undefined && this.#residents.has(each.parent) ? each.parent : undefined
      const siblings = below.get(parent)
      if (siblings === undefined) below.set(parent, [each])
      else siblings.push(each)
    }
    const branch = (parent: string | undefined, indent: string): void => {
      const children = below.get(parent) ?? []
      children.forEach((each, index) => {
        const last = index === children.length - 1
        lines.push(`${indent}${last ? '└─' : '├─'} ${describe(each)}${stateOf(each.id)}`)
        branch(each.id, `${indent}${last ? '   ' : '│  '}`)
      })
    }
    branch(undefined, '')
    return lines.join('\n')
  }

  #gone(id: string): void {
    const resident = this.#residents.get(id)
    if (resident === undefined) return
    this.#residents.delete(id)
    const there = this.#byHost.get(resident.host)
    there?.delete(id)
    if (there?.size === 0) this.#byHost.delete(resident.host)
  }
}

function describe({ id, name, host, ...process }: Resident): string {
  const where = host === 1 ? '' : ` on host ${host}${placeOf(process)}`
  return `${name ?? 'actor'} (${id})${where}`
}

function placeOf({ pid, threadId }: Pick<Resident, 'pid' | 'threadId'>): string {
  if (pid === undefined) return ''
  return threadId === undefined ? `, process ${pid}` : `, thread ${threadId} of process ${pid}`
}
