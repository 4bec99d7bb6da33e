/**
 * The first code of a child process: a host over two pipes. Bundled into one file; it loads neither xstate nor rxjs.
 */
import { Socket } from 'node:net'
import { PipeChannel } from '../channel/pipe.js'
import { bootHost } from './host.js'
import { whenIdle } from './idle.js'
import { writeAtOnce } from './output.js'
import { flushAtExit, flushBehindExit } from './last-words.js'

/** As host/process-host.ts numbers them. */
const CHILD_READS = 3
const CHILD_WRITES = 4
/** Behind the label, as host/process-host.ts says it: our output is read by our parent. */
const [, , , ourOutput] = process.argv

// The parent decides what an interrupt at the terminal means.
process.on('SIGINT', () => undefined)
if (ourOutput === 'read') writeAtOnce()
const reader = new Socket({ fd: CHILD_READS, readable: true, writable: false })
whenIdle(reader)
bootHost({
  channel: new PipeChannel(reader, new Socket({ fd: CHILD_WRITES, readable: false, writable: true })),
  onJoined: (system) => {
    flushAtExit(system)
    flushBehindExit(system)
  },
})
