/** The next turn of the loop: everything that could run without outside help has run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Waits turn by turn until `holds`; fails after a second with what `holds` is. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 1_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`It never became true: ${holds.toString()}`)
    await turn()
  }
}

/** A promise and its handles. */
export function deferred<T = void>(): {
  promise: Promise<T>
  resolve: (value: T) => void
  reject: (error: unknown) => void
} {
  let resolve: (value: T) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<T>((accept, refuse) => {
    resolve = accept
    reject = refuse
  })
  return { promise, resolve, reject }
}

/** How `promise` stands after all that could run has run. */
export async function stateOf(promise: Promise<unknown>): Promise<'pending' | 'fulfilled' | 'rejected'> {
  let state: 'pending' | 'fulfilled' | 'rejected' = 'pending'
  promise.then(
    () => (state = 'fulfilled'),
    () => (state = 'rejected'),
  )
  await turn()
  return state
}
