export {
  defineActor,
  type DefineActor,
  type Down,
  type Exit,
  type Hooks,
  type ProtocolOf,
} from './definition/define.js'
export { type Child, child } from './definition/child.js'
export type {
  ChildOptions,
  Children,
  ChildSpec,
  ChildType,
  IdIn,
  LifeOptions,
  RefIn,
  Restart,
  RestartType,
  Shutdown,
  ShutdownOptions,
  SupervisorChildOptions,
  Unique,
} from './definition/child-spec.js'
export type { Context, WatchToken } from './definition/context.js'
export type { ConnectSystemOptions, Door, FarHost, ListenOptions } from './definition/door.js'
export type { Groups } from './definition/groups.js'
export type { Host, LaunchOptions } from './definition/host.js'
export type {
  ActorDefinition,
  AnyActor,
  InputArgs,
  InputOf,
  On,
  ProtocolIn,
  ReachOf,
  RefOf,
  RemoteActor,
  Spawn,
  SpawnOptions,
} from './definition/spawn.js'
export type {
  BackoffOptions,
  ChildCount,
  ChildInfo,
  ChildSettings,
  DynamicSpec,
  DynamicSupervisor,
  Strategy,
  Supervising,
  Supervisor,
  SupervisorOptions,
  SupervisorSpec,
} from './definition/supervise.js'
export type { SupervisorEvent } from './definition/supervisor-event.js'
export type { System, SystemEvent } from './definition/system.js'
export {
  AbortError,
  ActorDownError,
  AuthenticationError,
  BrokenBarrierError,
  BufferTooShortError,
  ConnectionClosedError,
  DeadlockError,
  EndOfStreamError,
  InitializerError,
  MailboxFullError,
  NotPortableError,
  PeerClosedError,
  PoisonTaskError,
  PoolClosedError,
  PoolRunningError,
  PoolTerminatedError,
  ProtocolError,
  QueueClosedError,
  QueueEmptyError,
  QueueFullError,
  RemoteError,
  RestartLimitError,
  SerializationError,
  SupervisorError,
  TimeoutError,
  WorkerCrashedError,
} from './errors/kinds.js'
export type { Reason, ReasonType } from './errors/reason.js'
export { registerError } from './errors/register.js'
export { type ErrorCode, errorTable } from './errors/table.js'
export { isTroupeError, TroupeError } from './errors/troupe-error.js'
export type { MailboxOptions, Overflow } from './mailbox/options.js'
export { type Ignore, ignore, type Refusal, refuse } from './message/refusal.js'
export type { Channel, ChannelEvents } from './ports/channel.js'
export type { Clock, Timer } from './ports/clock.js'
export type { Codec, Packer, Portables, Unpacker } from './ports/codec.js'
export type { ConnectOptions, Endpoint, EndpointEvents, Listening } from './ports/endpoint.js'
export type { Events, Observer } from './ports/events.js'
export type { Loader } from './ports/loader.js'
export type { HostEnd, HostUse, Launch, LaunchContext, Launcher, Placement, Reach } from './ports/placement.js'
export type { Signal } from './ports/signal.js'
export type { Slab } from './ports/slab.js'
export type { ActorRef, AskOptions, RefBase, StopOptions, TellOptions } from './ref/actor-ref.js'
export type {
  AskName,
  Hint,
  IsStream,
  Items,
  Proxied,
  Replies,
  ReplyOf,
  Rests,
  RestOf,
  StreamName,
  Strict,
  Told,
} from './ref/protocol.js'
export { checkChildSpecs } from './supervisor/settings.js'
export { createSystem, type SystemOptions } from './system/create-system.js'
export type { StreamOptions } from './stream/options.js'
export type { WaitOptions } from './wait/wait.js'
