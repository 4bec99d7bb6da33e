/**
 * The first code of a worker thread: a host over a port. What belongs to the whole process, signals above all, is left to
 * the parent. Bundled into one file; it loads neither xstate nor rxjs.
 */
import { threadId, workerData } from 'node:worker_threads'
import { PortChannel } from '../channel/port.js'
import type { ThreadData } from '../host/thread-host.js'
import { bootHost } from './host.js'
import { whenIdle } from './idle.js'
import { flushAtExit } from './last-words.js'

const { port } = workerData as ThreadData

whenIdle(port)
bootHost({ channel: new PortChannel(port, { keepsAlive: true }), threadId, onJoined: flushAtExit })
