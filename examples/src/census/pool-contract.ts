/**
 * Until the pool exports these names itself, this declares what the census uses of it, so that it compiles.
 * To be deleted, with no other change, once `@troupe/pool` has them.
 */
declare module '@troupe/pool' {
  type AnyFunction = (...args: never[]) => unknown
  interface Task<F extends AnyFunction> {
    readonly '~function': F
  }
  function remote<M>(url: URL): { readonly [K in keyof M]: M[K] extends AnyFunction ? Task<M[K]> : never }

  type PoolEvent = { id: string } & (
    | { type: 'spawned' | 'restarted' | 'taskRetried' }
    | { type: 'crashed' | 'taskError'; error: Error }
  )
  interface PoolStats {
    restarts: number
    retried: number
    workers: { id: string; pid: number; state: 'starting' | 'idle' | 'busy'; done: number }[]
  }
  interface ImapOptions {
    retries?: number
    idempotent?: boolean
    chunkSize?: number
    signal?: AbortSignal
  }
  interface Pool {
    events$: { subscribe(observer: (event: PoolEvent) => void): { unsubscribe(): void } }
    stats(): PoolStats
    imapUnordered<A, R>(task: Task<(arg: A) => R>, source: AsyncIterable<A>, options: ImapOptions): AsyncIterable<R>
    terminate(): Promise<void>
  }
  function createPool(options: { size: number }): Pool
}

export {}
