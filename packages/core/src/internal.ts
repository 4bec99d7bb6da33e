/** For the sibling packages only: not public, and free to change between minor versions. */
export { Cell } from './actor/cell.js'
export { Consuming } from './actor/consuming.js'
export { Links } from './actor/links.js'
export { readMaxRunTime, type RunReports, RunTime } from './actor/run-time.js'
export { type Behaviour, defineKeeper, isDefinition } from './definition/define.js'
export * from './errors/expect.js'
export { endOf } from './errors/kinds.js'
export { isClean } from './errors/reason.js'
export { Mailbox } from './mailbox/mailbox.js'
export { mailboxOptions, OVERFLOWS } from './mailbox/options.js'
export { Ring } from './mailbox/ring.js'
export { classed } from './message/classed.js'
export { clone } from './message/clone.js'
export {
  expectReadable,
  findBadMember,
  holdsStream,
  isPortable,
  isStream,
  MAX_DEPTH,
  NEVER_DATA,
  notData,
  PORTABLE,
} from './message/data.js'
export { type Asker, type Consumer, type Envelope, isConsumer, type Window } from './message/envelope.js'
export { Detached } from './message/detached.js'
export { type Departure, departureOf, type ProxyKind, travelAs } from './message/proxy.js'
export { MinimalActor } from './actor/minimal-actor.js'
export { transferOf, withMoved } from './message/moved.js'
export { fromWireError, isErrorLike, toWireError, type WireError } from './message/wire-error.js'
export { Allowance, GUEST_LIMITS, HOST_LIMITS, type Limits } from './peer/allowance.js'
export { PendingAsks } from './peer/asks.js'
export { Parcels } from './peer/parcels.js'
export type { PeerPortables } from './peer/portables.js'
export { Answers } from './peer/answers.js'
export { readCall, readCounts, writeCall } from './peer/call.js'
export { CarriedStreams } from './peer/carried.js'
export { Inbox, type Receiver } from './peer/inbox.js'
export { Neighbour } from './peer/neighbour.js'
export { Outbox } from './peer/outbox.js'
export { FIRST_ACTOR, STRIDE, To } from './peer/reserved.js'
export { systemClock } from './ports/clock.js'
export type { Loader } from './ports/loader.js'
export { type DiagnosticsChannel, diagnosticsChannel, type DiagnosticsName } from './process/diagnostics.js'
export { type ErrorClass, type ProcessReaper, type ProcessRecord, processRecord } from './process/record.js'
export { RemoteTarget } from './peer/remote-target.js'
export { Targets } from './peer/targets.js'
export { targetOf } from './ref/ref.js'
export type { Target } from './ref/target.js'
export { Inflow } from './stream/inflow.js'
export { Outflow, type OutflowOwner, type Source, sourceOf } from './stream/outflow.js'
export { type Backoff, delay, nextInRow, NO_BACKOFF } from './supervisor/backoff.js'
export { type Budget, spend } from './supervisor/budget.js'
export { Child } from './supervisor/child.js'
export { ChildTable } from './supervisor/children.js'
export { childOf, isDescribed } from './definition/child-spec.js'
export { decide, type Decision, shutsDown } from './supervisor/decide.js'
export { endLife } from './supervisor/end-life.js'
export type { ChildPlan, Incarnations } from './supervisor/incarnations.js'
export type { SupervisorInput } from './supervisor/input.js'
export type { SupervisorObserver, SupervisorView } from './supervisor/observer.js'
export { Lane } from './supervisor/lane.js'
export { next, type Phase, statusOf, type Step } from './supervisor/phase.js'
export { backoffSettings, dynamicSettings, supervisorSettings } from './supervisor/settings.js'
export { StableActor } from './supervisor/stable-actor.js'
export { affected } from './supervisor/strategy.js'
export {
  supervisor,
  type SupervisorProtocol,
} from './supervisor/supervisor.js'
export { ActorSystem } from './system/actor-system.js'
export type { ActorSystemOptions } from './system/options.js'
export { DEFAULT_PLACEMENT } from './spawn/spawner.js'
export type { StartOptions } from './spawn/start-options.js'
export { Watchdog } from './host/watchdog.js'
export { hostBehind } from './host/launched-host.js'
export { EventStream } from './events/observer.js'
export { ownSystem } from './system/own.js'
export { readWireRef, toWireRef } from './ref/wire-ref.js'
export { type Control, controlFrame, readControl } from './wire/control.js'
export { creditFrame, type Grant, readGrants } from './wire/credit.js'
export { FrameDecoder } from './wire/decoder.js'
export {
  Flag,
  type Frame,
  frameOf,
  HEADER_BYTES,
  Kind,
  MAX_PAYLOAD,
  payloadOf,
  readUint32,
  writeUint32,
} from './wire/frame.js'
export { FrameQueue } from './wire/frame-queue.js'
export { type Hello, helloFrame, PROTOCOL_VERSION, readHello } from './wire/hello.js'
export { isThenable } from './wait/thenable.js'
export { Waits } from './wait/wait.js'
