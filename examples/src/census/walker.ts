/** The walker: runs in a process of its own, and keeps the queue filled while the pool empties it. */
import type { ActorRef } from '@troupe/core'
import type { Queue } from '@troupe/transport-node'
import type { Merger } from './merger.js'
import { walk } from './walk.js'

/** Puts all files below `folder` into the queue and closes it; what is no file is told to the merger. */
export async function putFiles(folder: string, files: Queue<string>, merger: ActorRef<Merger>): Promise<void> {
  const told: Promise<void>[] = []
  for await (const path of walk(folder, (skipped) => told.push(merger.ask('add', skipped)))) await files.put(path)
  await Promise.all(told)
  await files.close()
}
