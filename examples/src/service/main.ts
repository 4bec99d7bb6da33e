/**
 * A supervised service: an HTTP server, a cache in a process, workers in two more, and a process that crashes now and
 * then, under one supervisor. Ctrl-C stops it in good order; `kill -USR2` shows its tree.
 *
 *   npm run example -- service [port]
 *   npm run example -- service-load
 */
import { child } from '@troupe/core'
import { childPool, remote } from '@troupe/pool'
import { runService } from '@troupe/transport-node'
import { server } from './server.js'

const { cache } = remote<typeof import('./cache.js')>(new URL('./cache.js', import.meta.url))
const { flaky } = remote<typeof import('./quotes.js')>(new URL('./quotes.js', import.meta.url))

export async function main(print: (line: string) => void, [port = '8080']: readonly string[] = []): Promise<void> {
  const { system, app } = await runService(
    {
      // What is killed five times a second must neither use the budget up nor wait long.
      intensity: 100,
      period: 10_000,
      backoff: { min: 10, max: 200, resetAfter: 1_000 },
      children: [
        child('cache', cache, { entries: 1_000 }),
        child('quotes', flaky, undefined),
        childPool('digests', { size: 2 }),
      ],
    },
    { name: 'shop', deadline: 20_000 },
  )

  let restarts = 0
  app.events$.subscribe(({ type }) => {
    if (type === 'restarted') restarts += 1
  })
  const digests = app.ref('digests')
  // Its workers would start with the first requests, which would wait for that.
  await digests.ready()
  const parts = {
    cache: app.ref('cache'),
    quotes: app.ref('quotes'),
    digests,
    tree: () => system.tree(),
    restarts: () => restarts + digests.stats().restarts,
  }
  // Last: it opens when all is there, and is the first to be stopped.
  const http = await app.startChild(child('http', server, { port: Number(port), parts }, { shutdown: 16_000 }))
  print(`open at ${await http.ask('address')}, process ${process.pid}`)
}
