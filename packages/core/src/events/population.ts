/** Who lives where, as far as events have told: what `tree()` draws. Complete at the root. */
import type { SystemEvent } from '../definition/system.js'

interface Resident {
  readonly id: string
  readonly name: string | undefined
  readonly child: string | undefined
  readonly parent: string | undefined
  readonly host: number
  readonly pid: number | undefined
  readonly threadId: number | undefined
}

export class Population {
  readonly #residents = new Map<string, Resident>()

  observe(event: SystemEvent): void {
    if (event.type === 'down') this.#residents.delete(event.id)
    if (event.type !== 'spawned') return
    const { id, name, child, parent, host, pid, threadId } = event
    this.#residents.set(id, { id, name, child, parent, host, pid, threadId })
  }

  /** Whoever lived on that host; they are gone with it. */
  hostGone(host: number): { id: string; name?: string; child?: string }[] {
    const gone = [...this.#residents.values()].filter((each) => each.host === host)
    for (const { id } of gone) this.#residents.delete(id)
    return gone.map(({ id, name, child }) => ({
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
      below.set(parent, [...(below.get(parent) ?? []), each])
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
}

function describe({ id, name, host, ...process }: Resident): string {
  const where = host === 1 ? '' : ` on host ${host}${placeOf(process)}`
  return `${name ?? 'actor'} (${id})${where}`
}

function placeOf({ pid, threadId }: Pick<Resident, 'pid' | 'threadId'>): string {
  if (pid === undefined) return ''
  return threadId === undefined ? `, process ${pid}` : `, thread ${threadId} of process ${pid}`
}
