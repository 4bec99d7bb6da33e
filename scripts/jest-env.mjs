/**
 * Jest gives each test file its own realm and does not notice what a file leaves running. This environment mends both,
 * and takes back what jest itself leaves.
 *
 * Realms: a Map or an Error from a worker, a port or `node:fs` belongs to the outer realm, so `instanceof` would be
 * false; each inner constructor is taught to accept its outer twin.
 * Leaks: worker threads and processes that outlive their test file would hang jest for ever; the file fails, naming
 * them, and they are killed. Grandchildren are found by a mark in the environment they inherit (Linux only).
 * Storages: jest makes an AsyncLocalStorage for each file and never disables it. Node (before 24) has each promise carry
 * an entry for each that is enabled: after 50 files what makes many promises took four times as long, and gigabytes.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { TestEnvironment } from 'jest-environment-node'

const errors = ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError']
const twins = [...errors, 'AggregateError', 'Map', 'Set', 'Date', 'Promise', 'RegExp', 'Array', 'Object', 'Function']
const ordinary = Function.prototype[Symbol.hasInstance]
const mark = 'TROUPE_TEST_RUN'
const patienceMs = 2_000
let files = 0

/** Those that have been enabled since the last test file ended. */
const storages = new Set()
const { run } = AsyncLocalStorage.prototype
AsyncLocalStorage.prototype.run = function (...args) {
  storages.add(this)
  return run.apply(this, args)
}

function joinRealms(global) {
  for (const name of twins) {
    const inner = global[name]
    const outer = globalThis[name]
    Object.defineProperty(inner, Symbol.hasInstance, {
      value(value) {
        return ordinary.call(this, value) || (this === inner && ordinary.call(outer, value))
      },
    })
  }
}

/** Ids of the processes whose environment held `entry` when they started. */
function marked(entry) {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((id) => {
      try {
        return readFileSync(`/proc/${id}/environ`, 'latin1').split('\0').includes(entry)
      } catch {
        return false // ended meanwhile, or not ours
      }
    })
    .map(Number)
}

export default class TroupeEnvironment extends TestEnvironment {
  #processes = []
  #workers = []
  #onProcess = ({ process: child }) => this.#processes.push(child)
  #onWorker = ({ worker }) => this.#workers.push(worker)
  #entry

  constructor(config, context) {
    const id = `${process.pid}-${++files}`
    process.env[mark] = id // before super(), which copies process.env for the tests
    super(config, context)
    this.#entry = `${mark}=${id}`
    joinRealms(this.global)
    subscribe('child_process', this.#onProcess)
    subscribe('worker_threads', this.#onWorker)
  }

  async handleTestEvent(event, state) {
    if (event.name !== 'run_finish') return
    const left = await this.#stillRunning()
    if (left.length === 0) return
    for (const one of left) one.kill()
    state.unhandledErrors.push(new Error(`This test file left running: ${left.map((one) => one.name).join(', ')}`))
  }

  async teardown() {
    unsubscribe('child_process', this.#onProcess)
    unsubscribe('worker_threads', this.#onWorker)
    for (const storage of storages) storage.disable()
    storages.clear()
    await super.teardown()
  }

  /** What has not ended within the patience; what is about to end gets the time to. */
  async #stillRunning() {
    const deadline = Date.now() + patienceMs
    for (;;) {
      const left = this.#look()
      if (left.length === 0 || Date.now() > deadline) return left
      await sleep(20)
    }
  }

  #look() {
    const alive = this.#processes.filter((child) => child.pid && child.exitCode === null && child.signalCode === null)
    const ids = new Set([...alive.map((child) => child.pid), ...marked(this.#entry)])
    const threads = this.#workers.filter((worker) => worker.threadId !== -1)
    return [
      ...[...ids].map((id) => ({ name: `process ${id}`, kill: () => kill(id) })),
      ...threads.map((worker) => ({ name: `worker thread ${worker.threadId}`, kill: () => worker.terminate() })),
    ]
  }
}

function kill(id) {
  try {
    process.kill(id, 'SIGKILL')
  } catch {
    // ended meanwhile
  }
}
