/**
 * A Unix socket is a file, and files have owners, permissions and leftovers: a listener that was killed leaves its file
 * behind, and in a directory that others may write to somebody else may have put one in its place.
 */
import { chmodSync, lstatSync, statSync, type Stats, unlinkSync } from 'node:fs'
import { connect, type Server } from 'node:net'
import { dirname } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { AuthenticationError } from '@troupe/core'

/**
 * Listens at `path` such that no other user can connect at any moment. What a dead listener left is replaced.
 *
 * @throws (rejects) Error with `code` 'EADDRINUSE' when a listener lives there, or something that is no socket.
 */
export async function listenPrivately(server: Server, path: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await bind(server, path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || tries === 3) throw error
    }
    const found = lookAt(path)
    if (found === undefined) continue
    if (!found.isSocket()) throw taken(path, 'it is a file, and no socket: choose another path')
    if (await isAlive(path)) throw taken(path, 'a listener lives there: choose another path, or end that one first')
    // Another may have taken the place by now, with a file of its own.
    if (isSame(found, lookAt(path))) unlinkSync(path)
  }
}

/**
 * Whoever owns the file is who we talk to: us, or the system's own user.
 *
 * @throws AuthenticationError when it is somebody else. What the system says when there is nothing.
 */
export function expectOwn(path: string): void {
  const own = process.geteuid?.()
  // The link, if it is one, and what it leads to.
  for (const { uid } of [lstatSync(path), statSync(path)]) {
    if (own === undefined || uid === own || uid === 0) continue
    throw new AuthenticationError({
      peer: `unix:${path}`,
      problem: `it belongs to user ${uid}, and this process runs as ${own}`,
      cure: 'Choose a path in a directory that only you may write to, or give both ends the same `authKey`',
    })
  }
}

/** The bind itself happens within the call of `listen`; the mask holds for just that long. */
function bind(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => {
      server.off('listening', onListening)
      reject(error)
    }
    const onListening = (): void => {
      server.off('error', onError)
      try {
        if (!isMainThread) chmodSync(path, 0o600)
        resolve()
      } catch (error) {
        // Somebody has taken the file away meanwhile.
        server.close()
        reject(error as Error)
      }
    }
    server.once('error', onError).once('listening', onListening)
    const before = narrowMask(path)
    try {
      // Exclusive: in a cluster another process would bind, later and without the mask.
      server.listen({ path, exclusive: true })
    } finally {
      if (before !== undefined) process.umask(before)
    }
  })
}

/** Files made from now on are their owner's only. A thread may not change the mask: there the directory must do. */
function narrowMask(path: string): number | undefined {
  if (isMainThread) return process.umask(0o177)
  const { mode, uid } = statSync(dirname(path))
  if ((mode & 0o077) === 0 && uid === process.geteuid?.()) return undefined
  throw new Error(
    `A worker thread cannot make ${path} private: listen from the main thread, or in a directory of mode 0700 (${dirname(path)} is not)`,
  )
}

function lookAt(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}

function isSame(a: Stats, b: Stats | undefined): boolean {
  return b !== undefined && a.ino === b.ino && a.dev === b.dev && a.ctimeMs === b.ctimeMs
}

/** Refused means that nobody listens; everything else, a full queue too, that somebody may. */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path })
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'))
  })
}

function taken(path: string, why: string): Error {
  return Object.assign(new Error(`Cannot listen at ${path}: ${why}`), { code: 'EADDRINUSE' })
}
