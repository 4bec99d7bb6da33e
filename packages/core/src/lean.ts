/** The parts of core that a module of actors needs, and nothing more: a worker that loads only these starts sooner. */
export { defineActor } from './definition/define.js'
export { ignore, refuse } from './message/refusal.js'
export { handOver } from './message/handed-over.js'
export { salvageable } from './message/salvage.js'
export { processRecord } from './process/record.js'
export { isThenable } from './wait/thenable.js'
