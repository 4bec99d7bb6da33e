/** What a child process writes to stdout and stderr, when that goes over us. Neither stream keeps the program alive. */
import type { ChildProcess } from 'node:child_process'
import { readSync } from 'node:fs'
import type { Socket } from 'node:net'
import { PassThrough, type Writable } from 'node:stream'
import type { Clock } from '@troupe/core'
import { processRecord } from '@troupe/core/internal'
import { PrefixedLines } from './prefixed-lines.js'

export type Stdio = 'inherit' | 'prefix' | 'pipe'

export interface Output {
  readonly stdout?: AsyncIterable<Uint8Array>
  readonly stderr?: AsyncIterable<Uint8Array>
}

/** Takes what `child` writes, as `stdio` says; what is there to be read is returned. */
export function takeOutput(
  child: ChildProcess,
  stdio: Stdio,
  { label, clock }: { label: string; clock: Clock },
): Output {
  const [, stdout, stderr] = child.stdio as unknown as [null, Socket, Socket]
  if (stdio === 'inherit') return {}
  for (const theirs of [stdout, stderr]) theirs.unref()
  if (stdio === 'pipe') return { stdout: readable(stdout, child, clock), stderr: readable(stderr, child, clock) }
  writeLines(stdout, process.stdout, label)
  writeLines(stderr, process.stderr, label)
  return {}
}

/** Behind a stream of its own: Node drops what nobody reads when the process exits, and who leaves harms no writer. */
function readable(theirs: Socket, child: ChildProcess, clock: Clock): AsyncIterable<Uint8Array> {
  const ours = new PassThrough()
  theirs.pipe(ours)
  theirs.on('error', () => ours.end())
  ours.on('close', () => theirs.resume())
  child.once('exit', () => {
    // What a process that is gone has left is still read; others may hold its end of the pipe open, and are not waited for.
    theirs.ref()
    clock.setTimeout(() => theirs.unref(), LAST_READS).unref?.()
  })
  return ours
}

/** How long a program may go on for what a process that has exited had written, in milliseconds. */
const LAST_READS = 1_000

function writeLines(theirs: Socket, ours: Writable, label: string): void {
  const lines = new PrefixedLines(label)
  const write = (text: Buffer): void => {
    if (text.length > 0 && !writeTo(ours, text, () => theirs.resume())) theirs.pause()
  }
  const last = (): void => {
    readNow(theirs, (chunk) => write(lines.add(chunk)))
    write(lines.end())
  }
  theirs.on('data', (chunk: Buffer) => write(lines.add(chunk)))
  theirs.on('error', () => undefined)
  theirs.on('end', () => write(lines.end()))
  theirs.on('close', () => processRecord().atExit?.delete(last))
  // A program may end before it has read what was written before: it looks once more.
  atExit(last)
}

/** As the console does, passes over that nobody reads us any more. False when we are to wait until `done`. */
function writeTo(ours: Writable, text: Buffer, done: () => void): boolean {
  const ignore = (): void => undefined
  ours.once('error', ignore)
  try {
    return ours.write(text, (error) => {
      if (error && ours.listenerCount('error') === 0) ours.once('error', ignore)
      done()
    })
  } finally {
    ours.removeListener('error', ignore)
  }
}

/** What has arrived and was not read, without waiting for more. */
function readNow(theirs: Socket, take: (chunk: Buffer) => void): void {
  // Each emits 'data'.
  while (theirs.read() !== null);
  const { fd = -1 } = (theirs as unknown as { _handle?: { fd: number } })._handle ?? {}
  const chunk = Buffer.alloc(65_536)
  try {
    // As much as was there already; one that writes without end is not to hold us up.
    for (let rest = 1_048_576, size; rest > 0 && (size = readSync(fd, chunk)) > 0; rest -= size) {
      take(Buffer.from(chunk.subarray(0, size)))
    }
  } catch {
    // Closed, or nothing more there yet.
  }
}

function atExit(last: () => void): void {
  const record = processRecord()
  if (record.atExit === undefined) {
    const all = new Set<() => void>()
    record.atExit = all
    process.on('exit', () => all.forEach((each) => each()))
  }
  record.atExit.add(last)
}
