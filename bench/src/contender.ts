import type { Small } from './record.js'

/** One way of talking to a child process. Each is started anew for each round. */
export interface Contender {
  readonly name: string
  start(): Promise<Session>
}

export interface Session {
  /** Sends `messages` one by one, with the contender's own back-pressure, until the child has counted them all. */
  tellAll(messages: readonly Small[]): Promise<void>
  /** Sends one message and resolves with the answer. */
  echo(message: Small): Promise<Small>
  end(): Promise<void>
}
