import type { Supervising, Supervisor } from '@troupe/core'

/** The children that have not ended, by their ids: `web/http` is a child of the supervisor `web`. */
export function childrenLeft(app: Supervising, path = ''): string[] {
  return app
    .which()
    .filter(({ status }) => status !== 'down')
    .flatMap(({ id, type }) => {
      const below = type === 'supervisor' ? supervisorOf(app, id) : undefined
      const left = below === undefined ? [] : childrenLeft(below, `${path}${id}/`)
      return left.length > 0 ? left : [`${path}${id}`]
    })
}

/** What has children of its own kind, such as a pool, is no supervisor to look into. */
function supervisorOf(app: Supervising, id: string): Supervising | undefined {
  const below = (app as Supervisor).supervisor?.(id as never) as Partial<Supervising> | undefined
  return typeof below?.which === 'function' ? (below as Supervising) : undefined
}
