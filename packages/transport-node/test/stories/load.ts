/** Two processes send to a third, through this one, which only passes the bytes on. */
import { execFileSync } from 'node:child_process'
import type { Channel, Codec, Host, Launch, Launcher, System } from '@troupe/core'
import { createProbe } from '@troupe/core/testing'
import { childProcess, remote } from '@troupe/transport-node'
import type { Tally } from '../fixtures/load.js'

const load = remote<typeof import('../fixtures/load.js')>(new URL('../fixtures/load.js', import.meta.url))

/** What this process had to do with the messages of others. */
export interface Passed {
  /** Bytes that came over its channels. */
  arrived: number
  /** Bytes of blocks that it decoded: those that were for itself. */
  decoded: number
}

export interface Load {
  readonly last: Tally
  /** MiB of each process at each tenth: the two senders, the receiver, this one. */
  readonly memory: readonly (readonly number[])[]
  readonly passed: Passed
  /** How often the senders had to wait for room. */
  readonly waits: number
  readonly ms: number
}

export async function runLoad(system: System, total: number): Promise<Load> {
  const passed: Passed = { arrived: 0, decoded: 0 }
  const on = watched(childProcess(), passed)
  const hosts: Host[] = []
  for (let count = 0; count < 3; count += 1) hosts.push(await system.launch(on))
  const [first, second, third] = hosts as [Host, Host, Host]
  const probe = await createProbe<Tally>(system)
  const to = await system.spawn(load.loadReceiver, { to: probe.ref, total }, { on: third })
  const senders = [
    await system.spawn(load.loadSender, { to, sender: 0 }, { on: first }),
    await system.spawn(load.loadSender, { to, sender: 1 }, { on: second }),
  ]
  const started = performance.now()
  const sent = Promise.all(senders.map((sender) => sender.ask('send', total / 2)))
  const memory: number[][] = []
  let last: Tally = { received: 0, gaps: 0, swaps: 0 }
  while (last.received < total) {
    last = await probe.next(60_000)
    memory.push(memoryOf([first.pid, second.pid, third.pid, process.pid] as number[]))
  }
  const ms = performance.now() - started
  const waits = (await sent).reduce((sum, each) => sum + each, 0)
  return { last, memory, passed, waits, ms }
}

/** Resident memory of each process, in MiB. */
function memoryOf(pids: readonly number[]): number[] {
  const lines = execFileSync('ps', ['-o', 'pid=,rss=', '-p', pids.join(',')], { encoding: 'utf8' })
  const sizes = new Map(
    lines
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]),
  )
  return pids.map((pid) => Math.round((sizes.get(pid) ?? 0) / 1024))
}

/** The same hosts, and what comes from them is counted. */
function watched(launcher: Launcher, passed: Passed): Launcher {
  return {
    reach: 'elsewhere',
    startTimeout: launcher.startTimeout,
    launch(context): Launch {
      const launch = launcher.launch(context)
      return {
        channel: watchedChannel(launch.channel, passed),
        codec: watchedCodec(launch.codec, passed),
        pid: launch.pid,
        gone: launch.gone,
        greeted: () => launch.greeted(),
        drain: (grace) => launch.drain(grace),
        kill: () => launch.kill(),
      }
    },
  }
}

function watchedChannel(channel: Channel, passed: Passed): Channel {
  return {
    send: (bytes) => channel.send(bytes),
    close: () => channel.close(),
    destroy: () => channel.destroy(),
    open: (events) =>
      channel.open({
        onData: (chunk) => {
          passed.arrived += chunk.length
          events.onData(chunk)
        },
        onDrain: () => events.onDrain(),
        onClose: () => events.onClose(),
      }),
  }
}

function watchedCodec(codec: Codec, passed: Passed): Codec {
  return {
    name: codec.name,
    packer: (portables) => codec.packer(portables),
    unpacker: (portables) => {
      const unpacker = codec.unpacker(portables)
      return {
        read: (block) => {
          passed.decoded += block.length
          return unpacker.read(block)
        },
      }
    },
  }
}
