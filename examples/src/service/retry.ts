/** Tries in all: the second waits for the next life of the actor, the third is for one that was killed in that again. */
const TRIES = 3

/**
 * Asks again when the actor went down with the question. It may have been handled then: only for questions that may be
 * handled twice. A ref follows restarts, so the next try waits for the next life, as long as the question's own deadline.
 */
export async function retry<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask()
    } catch (error) {
      if (tries === TRIES || (error as { code?: unknown }).code !== 'ERR_ACTOR_DOWN') throw error
    }
  }
}
