/**
 * What the service is worth: requests at a steady pace, while every 200 ms one of its processes is killed. No request
 * may fail.
 *
 *   npm run example -- service-load [seconds] [requests a second]
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { killSomebody } from './chaos.js'
import { startProgram } from './program.js'

export interface Load {
  requests: number
  failures: number
  kills: number
  restarts: number
  /** Milliseconds that half of the requests, and 99 in 100, took at most. */
  p50: number
  p99: number
  exitCode: number | null
}

const KILL_EVERY = 200

export async function main(
  print: (line: string) => void,
  [seconds = '10', pace = '50']: readonly string[] = [],
): Promise<Load> {
  const program = await startProgram()
  try {
    const stop = AbortSignal.timeout(Number(seconds) * 1_000)
    const kills = chaos(program.url, stop)
    const took = await requests(program.url, Number(pace), stop, print)
    const restarts = Number(await (await fetch(`${program.url}/restarts`)).text())
    const good = took.filter((ms) => ms !== undefined).sort((a, b) => a - b)
    const load: Load = {
      requests: took.length,
      failures: took.length - good.length,
      kills: await kills,
      restarts,
      p50: Math.round(good[Math.floor(good.length * 0.5)] ?? 0),
      p99: Math.round(good[Math.floor(good.length * 0.99)] ?? 0),
      exitCode: await program.stop(),
    }
    print(`${load.requests} requests, ${load.failures} failed; ${load.kills} kills, ${load.restarts} restarts`)
    print(`half took ${load.p50} ms at most, 99 in 100 took ${load.p99} ms at most; exit code ${load.exitCode}`)
    return load
  } finally {
    await program.stop()
  }
}

/** Resolves with how many were killed. */
async function chaos(url: string, stop: AbortSignal): Promise<number> {
  let kills = 0
  while (!stop.aborted) {
    if (await killSomebody(url)) kills += 1
    await sleep(KILL_EVERY, undefined, { signal: stop }).catch(() => undefined)
  }
  return kills
}

/** How long each took, in milliseconds; undefined for one that failed. The pace does not wait for answers. */
async function requests(
  url: string,
  pace: number,
  stop: AbortSignal,
  print: (line: string) => void,
): Promise<(number | undefined)[]> {
  const sent: Promise<number | undefined>[] = []
  const start = performance.now()
  while (!stop.aborted) {
    const path = sent.length % 2 === 0 ? `/digest?text=${sent.length % 300}` : '/quote'
    sent.push(request(`${url}${path}`, print))
    await sleep(Math.max(0, start + (sent.length * 1_000) / pace - performance.now()))
  }
  return Promise.all(sent)
}

async function request(url: string, print: (line: string) => void): Promise<number | undefined> {
  const start = performance.now()
  try {
    const response = await fetch(url)
    const body = await response.text()
    if (response.ok) return performance.now() - start
    print(`${url}: ${response.status} ${body.trim()}`)
  } catch (error) {
    print(`${url}: ${String(error)}`)
  }
  return undefined
}
