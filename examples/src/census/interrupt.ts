/**
 * Ctrl-C asks the census to end in good order; the next one ends it at once. npm passes on to its script the signal
 * that the terminal has already sent to it, so what follows within half a second is the same Ctrl-C.
 */
export interface Interrupt {
  signal: AbortSignal
  /** the exit code that the signal asks for, as shells count: 130 for SIGINT, 143 for SIGTERM */
  exitCode(): number | undefined
  dispose(): void
}

export function listenForInterrupt(): Interrupt {
  const controller = new AbortController()
  let exitCode: number | undefined
  let firstAt = 0
  const onSignal = (_: string, number: number) => {
    if (exitCode !== undefined && performance.now() - firstAt > sameMs) process.exit(exitCode)
    if (exitCode !== undefined) return
    exitCode = 128 + number
    firstAt = performance.now()
    controller.abort()
  }
  for (const name of names) process.on(name, onSignal)
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    dispose() {
      for (const name of names) process.off(name, onSignal)
    },
  }
}

const names = ['SIGINT', 'SIGTERM'] as const
const sameMs = 500
