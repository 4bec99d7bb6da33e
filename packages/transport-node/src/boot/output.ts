/**
 * Node writes to a pipe in its own time, keeps in memory what is not read, and forgets it at `process.exit`. A process
 * whose parent reads its output writes as to a file instead: what was written is with the parent, or the writer waits.
 */
export function writeAtOnce(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const given = Object.getOwnPropertyDescriptor(process, name) as PropertyDescriptor
    Object.defineProperty(process, name, {
      ...given,
      // Made when it is first used, and so it stays: to make one takes a start's time.
      get() {
        const stream = given.get?.call(process) as { _handle?: { setBlocking?(blocking: boolean): void } }
        stream._handle?.setBlocking?.(true)
        return stream
      },
    })
  }
}
