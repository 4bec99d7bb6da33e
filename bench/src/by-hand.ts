/** Both ends of talk by hand: what a program writes that has nothing but a channel for messages. */
import type { Session } from './contender.js'
import { type Small, small } from './record.js'

export type Request =
  | { kind: 'note'; message: Small }
  | { kind: 'count' }
  | { kind: 'echo'; id: number; message: Small }
  | { kind: 'give'; items: number }

export type Answer = { count: number } | { id: number; message: Small } | { item: Small } | { over: true }

/** A channel of messages, as either end sees it. */
export interface Wire<Out, In> {
  post(message: Out): boolean
  /** After `post` has returned false: sends this one too, and resolves when all before it has left. */
  flush(message: Out): Promise<void>
  onMessage(listener: (message: In) => void): void
}

/** The asking end, with a table of questions. */
export function byHand(wire: Wire<Request, Answer>, end: () => Promise<void>): Session {
  const questions = new Map<number, (answer: Small) => void>()
  let next = 0
  let sent = 0
  let counted: ((count: number) => void) | undefined
  let taken: { items: number; over(items: number): void } | undefined
  wire.onMessage((answer) => {
    if ('id' in answer) {
      questions.get(answer.id)?.(answer.message)
      questions.delete(answer.id)
    } else if ('item' in answer && taken !== undefined) taken.items += 1
    else if ('count' in answer) counted?.(answer.count)
    else taken?.over(taken.items)
  })
  return {
    async tellAll(messages) {
      for (const message of messages) {
        const note = { kind: 'note', message } as const
        if (!wire.post(note)) await wire.flush(note)
      }
      const count = await new Promise<number>((resolve) => {
        counted = resolve
        wire.post({ kind: 'count' })
      })
      sent += messages.length
      // Those sent to wait for room count as well.
      if (count < sent) throw new Error(`${count} of ${sent} messages arrived`)
    },
    echo: (message) =>
      new Promise<Small>((resolve) => {
        const id = next++
        questions.set(id, resolve)
        wire.post({ kind: 'echo', id, message })
      }),
    takeAll: (items) =>
      new Promise<number>((over) => {
        taken = { items: 0, over }
        wire.post({ kind: 'give', items })
      }),
    end,
  }
}

/** The answering end: the same work as actors.ts. */
export function answerByHand(wire: Wire<Answer, Request>): void {
  let count = 0
  wire.onMessage((request) => {
    if (request.kind === 'note') count += 1
    else if (request.kind === 'count') wire.post({ count })
    else if (request.kind === 'echo') wire.post({ id: request.id, message: request.message })
    else void give(wire, request.items)
  })
}

async function give(wire: Wire<Answer, Request>, items: number): Promise<void> {
  for (let id = 0; id < items; id += 1) {
    const item = { item: small(id) }
    if (!wire.post(item)) await wire.flush(item)
  }
  wire.post({ over: true })
}
