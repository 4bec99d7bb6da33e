import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Contender } from './contender.js'
import type { Small } from './record.js'

/** `child_process.fork` and its IPC channel, with a table of questions by hand. */
export function forked(serialization: 'json' | 'advanced'): Contender {
  return {
    name: `fork ${serialization}`,
    async start() {
      const child = fork(new URL('./forked.js', import.meta.url), { serialization })
      await once(child, 'message')
      const questions = new Map<number, (answer: Small) => void>()
      let next = 0
      let sent = 0
      let counted: ((count: number) => void) | undefined
      child.on('message', (answer: { count: number } | { id: number; message: Small }) => {
        if ('count' in answer) return counted?.(answer.count)
        questions.get(answer.id)?.(answer.message)
        questions.delete(answer.id)
      })
      return {
        async tellAll(messages) {
          for (const message of messages) {
            if (!child.send({ kind: 'note', message })) await flushed(child, message)
          }
          const count = await new Promise<number>((resolve) => {
            counted = resolve
            child.send({ kind: 'count' })
          })
          sent += messages.length
          // Those sent to wait for room count as well.
          if (count < sent) throw new Error(`${count} of ${sent} messages arrived`)
        },
        echo(message) {
          return new Promise<Small>((resolve) => {
            const id = next++
            questions.set(id, resolve)
            child.send({ kind: 'echo', id, message })
          })
        },
        async end() {
          const gone = once(child, 'exit')
          child.kill('SIGKILL')
          await gone
        },
      }
    },
  }
}

/** `send` has no drain event: one more message is sent, whose callback tells when all before it have left. */
function flushed(child: ChildProcess, message: Small): Promise<void> {
  return new Promise((resolve) => void child.send({ kind: 'note', message }, () => resolve()))
}
