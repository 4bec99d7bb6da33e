/** The work: something that takes a core some milliseconds. A plain function; the pool runs it in its processes. */
import { pbkdf2Sync } from 'node:crypto'

export function digest(text: string, rounds: number): string {
  return pbkdf2Sync(text, 'troupe', rounds, 16, 'sha256').toString('hex')
}
