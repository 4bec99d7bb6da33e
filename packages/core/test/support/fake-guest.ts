/** Somebody who comes in at a door and says what no system would say: real frames around whatever he likes. */
import type { Channel, Endpoint } from '@troupe/core'
import {
  controlFrame,
  type Control,
  FrameDecoder,
  frameOf,
  FrameQueue,
  helloFrame,
  Kind,
  Outbox,
  payloadOf,
  readWireRef,
  STRIDE,
  To,
} from '@troupe/core/internal'
import { jsonCodec, ManualClock } from '@troupe/core/testing'
import { turn, until } from './settle.js'

export interface Answer {
  readonly ok: boolean
  readonly value: any
}

export class FakeGuest {
  readonly channel: Channel
  readonly #queue: FrameQueue
  readonly #portables = {
    write: (value: object) => (value as { wire?: unknown }).wire ?? value,
    read: (fields: unknown) => ({ wire: fields }),
  }
  readonly #unpackers = new Map<number, ReturnType<ReturnType<typeof jsonCodec>['unpacker']>>()
  readonly #outboxes = new Map<number, Outbox>()
  readonly #names = new Map<number, string>()
  readonly answers = new Map<number, Answer[]>()
  /** What it was told without having asked. */
  readonly notes: { name: string; value: any }[] = []
  credits = 0
  closed = false
  #host = 1
  #you = 2
  #nextId = 1

  constructor(channel: Channel) {
    this.channel = channel
    this.#queue = new FrameQueue(channel)
    const decoder = new FrameDecoder((frame) => {
      if (frame.kind === Kind.block) this.#read(frame.destination, payloadOf(frame))
      if (frame.kind === Kind.credit) this.credits += 1
    })
    channel.open({
      onData: (chunk) => decoder.push(chunk),
      onDrain: () => this.#queue.drain(),
      onClose: () => void (this.closed = true),
    })
  }

  /** Comes in, and says a hello that fits. */
  static async at(endpoint: Endpoint, host = 1, you = 2): Promise<FakeGuest> {
    const guest = new FakeGuest(await endpoint.connect())
    guest.hello({ host, you })
    await turn()
    return guest
  }

  hello(fields: object): void {
    const hello = { codec: 'json', host: 1, you: 2, system: 'fake', pid: 1, ...fields }
    this.#host = hello.host
    this.#you = hello.you
    this.say(helloFrame(hello))
  }

  say(bytes: Uint8Array): void {
    this.#queue.send(bytes)
  }

  block(payload: Uint8Array, { origin = this.#host, flags = 0 } = {}): void {
    this.say(frameOf({ kind: Kind.block, flags, origin, destination: this.#you }, payload))
  }

  control(control: Control, origin = this.#host): void {
    this.say(controlFrame(origin, this.#you, control))
  }

  /** An envelope with these very numbers, from that host of its system. */
  put(to: number, name: string | undefined, id: number, value: unknown, origin = this.#host): void {
    const outbox = this.#outboxes.get(origin) ?? this.#newOutbox(origin)
    outbox.append(to, name, id, value, () => 'garbage')
    outbox.flush()
  }

  /** What travels as a ref of that actor, whoever it is. */
  refTo(actor: number, host = this.#host): object {
    return { [Symbol.for('@troupe/portable')]: true, wire: [host, actor, 0, 10, 0] }
  }

  tell(actor: number, name: string, value?: unknown): void {
    this.put(actor, name, 0, value)
  }

  /** The number of a question to the host, and later its answer. */
  request(name: string, value: unknown): number {
    const id = this.#nextId++
    this.put(To.host, name, id, value)
    return id
  }

  async answer(id: number): Promise<Answer> {
    await until(() => this.answers.has(id))
    return this.answers.get(id)?.[0] as Answer
  }

  /** The number of the actor that is called so over there. */
  async lookup(name: string): Promise<number | undefined> {
    const { value } = await this.answer(this.request('lookup', name))
    return value === undefined ? undefined : readWireRef(value.wire).address.actor
  }

  #newOutbox(origin: number): Outbox {
    const outbox = new Outbox({
      queue: this.#queue,
      codec: jsonCodec(),
      clock: new ManualClock(),
      portables: this.#portables,
      origin,
      destination: this.#you,
    })
    this.#outboxes.set(origin, outbox)
    return outbox
  }

  #read(destination: number, block: Uint8Array): void {
    const unpacker = this.#unpackers.get(destination) ?? jsonCodec().unpacker(this.#portables)
    this.#unpackers.set(destination, unpacker)
    const items = unpacker.read(block)
    for (let at = 0; at < items.length; at += STRIDE) {
      const [to, name, id, value] = items.slice(at, at + 4) as [number, number, number, unknown]
      if (to === To.name) this.#names.set(name, value as string)
      else if (to === To.reply || to === To.fail) {
        this.answers.set(id, [...(this.answers.get(id) ?? []), { ok: to === To.reply, value }])
      } else this.notes.push({ name: this.#names.get(name) ?? '', value })
    }
  }
}
