import type { Small } from './record.js'

/** One way of talking to a child process or thread. Each is started anew for each round. */
export interface Contender {
  readonly name: string
  start(): Promise<Session>
}

export interface Session {
  /** Sends `messages` one by one, with the contender's own back-pressure, until the child has counted them all. */
  tellAll(messages: readonly Small[]): Promise<void>
  /** Sends one message and resolves with the answer. */
  echo(message: Small): Promise<Small>
  /** Has the child give that many items, one by one. Resolves with how many have come. */
  takeAll(items: number): Promise<number>
  end(): Promise<void>
}
