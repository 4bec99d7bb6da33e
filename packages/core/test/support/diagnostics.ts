/** Keeps what is published on the channels of node:diagnostics_channel while a test runs. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'

export interface Published {
  readonly name: string
  readonly message: any
}

/** Calls `use`, and resolves with what was published until it has settled. */
export async function published(names: readonly string[], use: () => unknown): Promise<Published[]> {
  const seen: Published[] = []
  const listen = (message: unknown, name: string | symbol): void => void seen.push({ name: String(name), message })
  for (const name of names) subscribe(name, listen)
  try {
    await use()
  } finally {
    for (const name of names) unsubscribe(name, listen)
  }
  return seen
}
