export {
  type AnyFunction,
  type ExportsOf,
  type Remote,
  remote,
  type RemoteExport,
  type RemoteFunction,
  type RemoteGenerator,
  type RemoteValue,
} from './module/remote.js'
export type { ArgsOf, SignaturesOf } from './module/signatures.js'
export { children } from './process/children.js'
export { parent, type ParentProcess } from './process/parent.js'
export type { Process } from './process/process.js'
export type { ProcessEnd } from './process/process-end.js'
export { type ProcessOptions, startProcess } from './process/start-process.js'
export { socket } from './socket/socket.js'
export type { SocketOptions, TcpSocketOptions, UnixSocketOptions } from './socket/options.js'
export { type ChildProcessOptions, childProcess } from './placement/child-process.js'
export { type ThreadLimits, workerThread, type WorkerThreadOptions } from './placement/worker-thread.js'
export {
  createJoinableQueue,
  createQueue,
  type JoinableQueueOptions,
  type QueueOptions,
} from './queue/create-queue.js'
export type { JoinableQueue, Lease } from './queue/joinable-queue.js'
export type { OnConsumerCrash } from './queue/line.js'
export type { Queue } from './queue/queue.js'
export { connect } from './listen/connect.js'
export { listen, type Listener } from './listen/listen.js'
export type { Connection, PipeReader, PipeWriter } from './pipe/connection.js'
export { createPipe, type PipeOptions } from './pipe/create-pipe.js'
export { select } from './pipe/select.js'
export type { Selectable } from './pipe/selectable.js'
export { type Barrier, createBarrier } from './sync/barrier.js'
export { createEvent, type SharedEvent } from './sync/event.js'
export type { SyncOptions } from './sync/options.js'
export { createLock, createSemaphore, type Lock, type Permit, type Semaphore } from './sync/semaphore.js'
export { runService, type Service, type ServiceEnd, type ServiceOptions } from './service/run-service.js'
