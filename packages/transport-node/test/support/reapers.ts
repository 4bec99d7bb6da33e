/** The reapers of this machine, by what the command line of their shell ends with. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** Process ids of the reapers that the process `pid`, or a thread of it, has started. */
export function reapersOf(pid: number): number[] {
  return commands().flatMap(({ id, command }) => (command.endsWith(`troupe-reaper ${pid}`) ? [id] : []))
}

function commands(): { id: number; command: string }[] {
  if (process.platform === 'linux') {
    const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    return ids.map((id) => ({ id: Number(id), command: commandOf(id) }))
  }
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n')
  return lines.map((line) => ({ id: Number.parseInt(line), command: line.trim() }))
}

function commandOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return '' // ended meanwhile
  }
}
