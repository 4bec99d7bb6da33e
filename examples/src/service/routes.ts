/** What each path answers, and from whom. Knows nothing of sockets. */
import type { ActorRef } from '@troupe/core'
import { type Pool, remote } from '@troupe/pool'
import type { Cache } from './cache.js'
import type { Quotes } from './quotes.js'
import { retry } from './retry.js'

const work = remote<typeof import('./digest.js')>(new URL('./digest.js', import.meta.url))

/** Whom the server asks. Refs and pool follow restarts. */
export interface Parts {
  readonly cache: ActorRef<Cache>
  readonly quotes: ActorRef<Quotes>
  readonly digests: Pool
  tree(): string
  restarts(): number
}

export interface Reply {
  readonly status: number
  readonly body: string
}

/** `signal` is the request's deadline, for all that it needs. */
export async function answer(url: URL, parts: Parts, signal: AbortSignal): Promise<Reply> {
  switch (url.pathname) {
    case '/digest':
      return digest(url.searchParams, parts, signal)
    case '/quote':
      return ok(await retry(() => parts.quotes.ask('quote', undefined, { signal })))
    case '/tree':
      return ok(parts.tree())
    case '/busy':
      return ok(String(parts.digests.stats().running))
    case '/restarts':
      return ok(String(parts.restarts()))
    default:
      return { status: 404, body: 'Try /digest?text=hello, /quote, /tree, /busy or /restarts' }
  }
}

async function digest(query: URLSearchParams, parts: Parts, signal: AbortSignal): Promise<Reply> {
  const text = query.get('text') ?? ''
  const rounds = Number(query.get('rounds') ?? 10_000)
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 10_000_000)
    return { status: 400, body: 'Expected `rounds` to be an integer from 1 to 10,000,000' }

  const key = `${rounds} ${text}`
  const known = await retry(() => parts.cache.ask('get', key, { signal }))
  if (known !== undefined) return ok(known)
  const value = await parts.digests.apply(work.digest, [text, rounds], { signal, retries: 2, idempotent: true })
  // One that is not taken is computed again some time: nobody waits for it.
  parts.cache.tell('put', { key, value })
  return ok(value)
}

const ok = (body: string): Reply => ({ status: 200, body })
