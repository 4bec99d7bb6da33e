/** For the sibling packages and this package's own tests: not public. */
export { PipeChannel } from './channel/pipe.js'
export { msgpackCodec } from './codec/msgpack.js'
export { hostLife, type LifeEvent, startLife } from './host/life.js'
export { ModuleLoader } from './module/load.js'
export { moduleUrl } from './module/url.js'
export { mustNotMultiply } from './placement/child-process.js'
export { inheritedEnv, inheritedExecArgv } from './placement/inherit.js'
