export { ManualClock } from './clock.js'
export { channelPair } from './pair.js'
export { createProbe, type Probe } from './probe.js'
