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
export { socket } from './socket/socket.js'
export type { SocketOptions, TcpSocketOptions, UnixSocketOptions } from './socket/options.js'
export { type ChildProcessOptions, childProcess } from './placement/child-process.js'
export { type ThreadLimits, workerThread, type WorkerThreadOptions } from './placement/worker-thread.js'
export { runService, type Service, type ServiceEnd, type ServiceOptions } from './service/run-service.js'
