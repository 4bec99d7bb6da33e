/**
 * Our end of the way to one host: packers, credit and questions of this ordered pair, both directions.
 * Several peers may share a neighbour, which then routes between them.
 */
import { ActorDownError } from '../errors/kinds.js'
import { NOPROC, type Reason } from '../errors/reason.js'
import type { Overflowed } from '../mailbox/options.js'
import type { Address } from '../message/address.js'
import { classed } from '../message/classed.js'
import type { Asker } from '../message/envelope.js'
import type { Buffers } from '../message/moved.js'
import type { Clock } from '../ports/clock.js'
import type { Portables } from '../ports/codec.js'
import type { StopRequest } from '../ref/actor-ref.js'
import type { Target } from '../ref/target.js'
import { controlFrame, type Control, readControl } from '../wire/control.js'
import { creditFrame, readGrants } from '../wire/credit.js'
import { Flag, type Frame, Kind, payloadOf } from '../wire/frame.js'
import { Inflow } from '../stream/inflow.js'
import type { Waits } from '../wait/wait.js'
import { Answers } from './answers.js'
import { PendingAsks } from './asks.js'
import { readCall, readCounts, writeCall } from './call.js'
import { CarriedStreams } from './carried.js'
import { Inbox, type Receiver } from './inbox.js'
import { Inlet } from './inlet.js'
import { Gate, PAIR_WINDOW } from './gate.js'
import { type LinkHost, type Linking, tellLink } from './linking.js'
import type { Neighbour } from './neighbour.js'
import { Outbox } from './outbox.js'
import type { ItemWay } from './remote-asker.js'
import { type RemoteGiven, RemoteTarget, type Way } from './remote-target.js'
import { PeerPortables } from './portables.js'
import { Targets } from './targets.js'
import { To } from './reserved.js'
import type { Resident } from './resident.js'

/** What a peer needs of the system that it belongs to. */
export interface PeerHost extends LinkHost<Peer> {
  readonly host: number
  readonly clock: Clock
  readonly waits: Waits
  resident(actor: number): Resident | undefined
  /** What travels for a ref, and the ref that it becomes. */
  readonly refs: Portables
  /** A question or a note to the host itself; `asker` is undefined for a note. */
  serve(peer: Peer, name: string, value: unknown, asker: Asker | undefined): void
  deadLetter(
    target: Pick<Target, 'address' | 'label' | 'capacity'>,
    name: string,
    arg: unknown,
    why: Overflowed | 'down',
  ): void
  /** At most so many messages were with the actor's host when it died. */
  lost(target: Target, count: number): void
}

export class Peer implements Way, ItemWay, Receiver {
  readonly host: number
  readonly neighbour: Neighbour
  readonly #local: PeerHost
  readonly #outbox: Outbox
  readonly #inbox: Inbox
  readonly #asks = new PendingAsks()
  readonly #targets = new Targets()
  readonly #inlets = new Map<number, Inlet>()
  readonly #answers: Answers
  readonly #portables: PeerPortables
  readonly #streams = new CarriedStreams((number) => this.#pull(number))
  readonly #gate: Gate
  readonly #announced = new Set<string>()
  #arrived = 0
  #ended: Reason | undefined
  /** What the host is called in errors. */
  label: string
  /** How a host of one actor is stopped and killed with it: as a process. Others that live there have been spawned by it. */
  soleKeeper: { actor?: number; stop(timeout: number): void; kill(): void } | undefined

  constructor(local: PeerHost, host: number, neighbour: Neighbour) {
    this.host = host
    this.label = `host ${host}`
    this.neighbour = neighbour
    this.#local = local
    const { queue, codec, allowance } = neighbour
    const portables = new PeerPortables({ host, neighbour, refs: local.refs, streams: this.#streams })
    this.#portables = portables
    this.#outbox = new Outbox({ queue, codec, clock: local.clock, portables, origin: local.host, destination: host })
    this.#inbox = new Inbox({ codec, portables, receiver: this, allowance })
    this.#answers = new Answers(this.#outbox, this, portables, allowance)
    this.#gate = new Gate(this.#outbox, queue)
  }

  /** Questions both ways and streams that are not over. For whoever looks for leaks. */
  get pending(): number {
    return this.#asks.length + this.#answers.length + this.#streams.length
  }

  /** This process is about to end by an error: that end, with its reason, is the answer to whatever was asked. */
  crash(): void {
    this.#answers.silence()
  }

  // --- to the host itself ---------------------------------------------------------------------------------------

  /** Asks the host; `asker` is settled whatever happens. Not bounded by credit. */
  request(name: string, value: unknown, asker: Asker): void {
    if (this.#ended !== undefined) return asker.reject(new ActorDownError(this.#ended, { actor: this.label }))
    const id = this.#asks.add(asker)
    try {
      this.#outbox.append(To.host, name, id, value, () => `What '${name}' is given`)
      asker.onAbandon = () => this.abandon(id)
    } catch (error) {
      this.#asks.take(id)
      asker.reject(error)
    }
  }

  /** Tells the host, in order with all messages sent to it. */
  note(name: string, value: unknown): void {
    if (this.#ended === undefined) this.#outbox.append(To.host, name, 0, value, () => `What '${name}' is given`)
  }

  flush(): void {
    this.#outbox.flush()
  }

  // --- to its actors --------------------------------------------------------------------------------------------

  /** The one target for that actor; made when first needed. */
  target(address: Address, given: Omit<RemoteGiven, 'address'>): RemoteTarget {
    const known = this.#targets.get(address.actor)
    if (known !== undefined) return known
    const target = new RemoteTarget(this, { address, ...given })
    if (this.#ended !== undefined) target.end(NOPROC, false)
    else if (given.watched === true) this.#targets.use(target)
    else this.#targets.add(target)
    return target
  }

  get home(): PeerHost {
    return this.#local
  }

  get open(): boolean {
    return this.#gate.open
  }

  send(actor: number, name: string, id: number, value: unknown, transfer?: Buffers): number {
    return this.#carry(actor, id, actor, name, classed(value), transfer)
  }

  call(actor: number, name: string, id: number, value: unknown, asker: Asker): number {
    return this.#carry(actor, id, To.call, name, writeCall(actor, classed(value), asker), asker.transfer)
  }

  grant(id: number, items: number, bytes: number): void {
    if (this.#ended !== undefined) return
    this.#asks.granted(id, items, bytes)
    this.#outbox.append(To.grant, undefined, id, [items, bytes], () => 'A grant')
  }

  sendItem(id: number, value: unknown): number {
    return this.#outbox.append(To.item, undefined, id, value, () => 'An item of the stream')
  }

  ask(asker: Asker): number {
    return this.#asks.add(asker)
  }

  unask(id: number): void {
    this.#answered(id)
  }

  snapshot(name: string, value: unknown): unknown {
    return this.#outbox.snapshot(classed(value), () => `The argument of '${name}'`)
  }

  announce(url: string): void {
    if (this.#announced.has(url)) return
    this.#announced.add(url)
    this.note('announce', url)
  }

  watch(target: RemoteTarget): void {
    if (this.#ended === undefined) this.#targets.use(target)
    this.note('watch', target.address.actor)
  }

  stop(actor: number, { drain, timeout }: StopRequest): void {
    const ms = timeout === Infinity ? -1 : timeout
    if (drain) this.note('drain', { actor, timeout: ms })
    else this.#control({ type: 'stop', actor, timeout: ms })
    this.#keeperOf(actor)?.stop(timeout)
  }

  kill(actor: number): void {
    const keeper = this.#keeperOf(actor)
    return keeper === undefined ? this.#control({ type: 'kill', actor }) : keeper.kill()
  }

  /** In order with what was sent: one that overtook its question would find nobody to tell. */
  abandon(id: number): void {
    if (this.#ended !== undefined) return
    this.#outbox.flush()
    this.neighbour.queue.send(controlFrame(this.#local.host, this.host, { type: 'abandon', ask: id }, Flag.inOrder))
  }

  whenOpen(waiter: { opened(): void }): void {
    this.#gate.whenOpen(waiter)
  }

  link(linking: Linking): void {
    tellLink(this, this.#local, linking)
  }

  // --- from the host --------------------------------------------------------------------------------------------

  /** @throws ProtocolError for what no peer of ours sends. */
  receive(frame: Frame): void {
    if (this.#ended !== undefined) return
    if (frame.kind === Kind.block) this.#arrive(this.#inbox.receive(frame))
    else if (frame.kind === Kind.credit) this.#credit(payloadOf(frame))
    else if (frame.kind === Kind.control) this.#obey(readControl(payloadOf(frame)))
  }

  reply(id: number, value: unknown): void {
    this.#answered(id)?.resolve(value)
  }

  fail(id: number, error: unknown): void {
    this.#answered(id)?.reject(error)
  }

  item(id: number, value: unknown, bytes: number): void {
    this.#asks.item(id, value, bytes)
  }

  granted(id: number, grant: unknown): void {
    const [items = 0, bytes = 0] = readCounts(grant, 2)
    this.#answers.granted(id, items, bytes)
  }

  toHost(name: string, id: number, value: unknown): void {
    this.#local.serve(this, name, value, id === 0 ? undefined : this.#answers.asker(id))
  }

  toActor(actor: number, name: string, id: number, value: unknown, bytes: number): void {
    this.#admit(actor, name, value, id === 0 ? undefined : this.#answers.asker(id), bytes)
  }

  /** @throws ProtocolError for what is no call. */
  called(name: string, id: number, call: unknown, bytes: number): void {
    const { actor, arg, chain, window } = readCall(call)
    const asker = window === undefined ? this.#answers.asker(id, chain) : this.#answers.consumer(id, window, chain)
    this.#admit(actor, name, arg, asker, bytes)
  }

  pulled(id: number, pull: unknown): void {
    const [number = 0, items = 0, bytes = 0] = readCounts(pull, 3)
    this.#streams.pulled(number, this.#answers.consumer(id, { items, bytes }))
  }

  #admit(actor: number, name: string, value: unknown, asker: Asker | undefined, bytes: number): void {
    const inlet = this.#inlets.get(actor) ?? this.#inletOf(actor)
    if (inlet !== undefined) return inlet.admit(name, value, asker, bytes)
    const label = `${this.#local.host}.${actor}`
    if (asker !== undefined) return asker.reject(new ActorDownError(NOPROC, { actor: label }))
    const address = { host: this.#local.host, actor, incarnation: 0 }
    this.#local.deadLetter({ address, label, capacity: 0 }, name, value, 'down')
  }

  /** That cell has ended; its number comes no more. */
  forget(actor: number): void {
    this.#inlets.delete(actor)
  }

  /** The watched actor behind this peer has ended. */
  actorDown(actor: number, reason: Reason): void {
    this.#targets.take(actor)?.end(reason, false)
    this.#streams.actorDown(actor)
  }

  /** The host is gone, or cannot be reached any more: everything that waits for it settles. Once. */
  down(reason: Reason, silent: boolean): void {
    if (this.#ended !== undefined) return
    this.#ended = reason
    this.#gate.end()
    this.#outbox.close()
    this.#answers.end(reason)
    this.#portables.end()
    for (const target of this.#targets.takeAll()) target.end(reason, silent)
    this.#asks.rejectAll(new ActorDownError(reason, { actor: this.label }))
    this.#inlets.clear()
  }

  // --------------------------------------------------------------------------------------------------------------

  /** Who asked question `id`, whose answer is here; what came with it is over. */
  #answered(id: number): Asker | undefined {
    this.#streams.answered(id)
    return this.#asks.take(id)
  }

  #carry(actor: number, id: number, to: number, name: string, value: unknown, transfer?: Buffers): number {
    const what = (): string => `The argument of '${name}'`
    this.#streams.carriedBy(actor, id)
    try {
      if (transfer !== undefined) this.#portables.moving(value, transfer, what())
      return this.#outbox.append(to, name, id, value, what)
    } catch (error) {
      throw this.#streams.takeBack(error)
    } finally {
      this.#streams.carriedBy(0, 0)
      if (transfer !== undefined) this.#portables.packed()
    }
  }

  #pull(number: number): Inflow {
    const inflow = new Inflow(this.#local.waits, () => `a stream of ${this.label}`)
    if (this.#ended !== undefined) {
      inflow.reject(new ActorDownError(this.#ended, { actor: this.label }))
      return inflow
    }
    const id = this.#asks.add(inflow)
    const { items, bytes } = inflow.window
    inflow.onAbandon = () => this.abandon(id)
    inflow.onGrant = (more, moreBytes) => this.grant(id, more, moreBytes)
    this.#outbox.append(To.pull, undefined, id, [number, items, bytes], () => 'A pull')
    return inflow
  }

  /** Until its actor is known, of whoever is told to end. */
  #keeperOf(actor: number): Peer['soleKeeper'] {
    return this.soleKeeper?.actor === undefined || this.soleKeeper.actor === actor ? this.soleKeeper : undefined
  }

  #control(control: Control): void {
    if (this.#ended !== undefined) return
    this.neighbour.queue.send(controlFrame(this.#local.host, this.host, control), true)
  }

  readonly #grant = (actor: number, messages: number, bytes: number): void => {
    if (this.#ended !== undefined) return
    this.neighbour.queue.send(creditFrame(this.#local.host, this.host, [{ actor, messages, bytes }]), true)
  }

  #arrive(bytes: number): void {
    this.neighbour.parcels.settle()
    this.#arrived += bytes
    if (this.#arrived < PAIR_WINDOW / 2) return
    this.#grant(0, 0, this.#arrived)
    this.#arrived = 0
  }

  #credit(payload: Uint8Array): void {
    for (const { actor, messages, bytes } of readGrants(payload)) {
      if (actor === 0) this.#outbox.granted(bytes)
      else this.#targets.used(actor)?.granted(messages, bytes)
    }
    this.#gate.check()
  }

  #obey(control: Control | undefined): void {
    if (control === undefined) return
    if (control.type === 'abandon') return this.#answers.abandon(control.ask)
    const resident = this.#local.resident(control.actor)
    // It overtakes the question of who waits for that end, which is to be told the reason.
    if (resident !== undefined) this.#local.serve(this, 'watch', control.actor, undefined)
    if (control.type === 'kill') resident?.kill()
    else resident?.stop({ drain: false, timeout: control.timeout === -1 ? Infinity : control.timeout })
  }

  #inletOf(actor: number): Inlet | undefined {
    const resident = this.#local.resident(actor)
    if (resident === undefined) return undefined
    const inlet = new Inlet(resident, this.#grant)
    this.#inlets.set(actor, inlet)
    return inlet
  }
}
