/** What every endpoint promises (ports/endpoint.ts), each promise as a case; and of its channels, what channels promise. */
import type { Channel } from '../ports/channel.js'
import type { ConnectOptions, Endpoint, Listening } from '../ports/endpoint.js'
import { newAbortController } from '../ports/signal.js'
import { channelSuite, type ChannelSuiteOptions } from './channel-suite.js'
import { type Case, makeCase, pause, type Scope } from './suite/case.js'
import { check, checkThat, failureOf } from './suite/check.js'
import { Ear, patterned } from './suite/ear.js'

/** A place of its own, where nobody listens yet. */
export interface EndpointSetup {
  /** Listens there. */
  readonly endpoint: Endpoint
  /** Comes in there; `listening` knows the port that was given. Default: the same endpoint. */
  there?(listening: Listening): Endpoint
  /** Ends whatever was made for it. */
  end?(): Promise<void> | void
}

/** `ends` and `bound` are about its channels. */
export interface EndpointSuiteOptions extends Omit<ChannelSuiteOptions, 'deafen'> {
  /** Comes in as one who may not. Without it the cases of the refused are left out. */
  readonly intrude?: ((listening: Listening) => Promise<void> | void) | undefined
  /** Leads to somebody who accepts and never says a word. Without it the cases of waiting are left out. */
  readonly silent?: ((scope: Scope) => Promise<Endpoint> | Endpoint) | undefined
}

/** Cases for an endpoint; `make` is called once for each. */
export function endpointSuite(
  make: () => Promise<EndpointSetup> | EndpointSetup,
  options: EndpointSuiteOptions = {},
): readonly Case[] {
  const { intrude, silent } = options
  const each = (name: string, body: (inn: Inn) => Promise<void>): Case =>
    makeCase(name, options, async (scope) => body(await Inn.open(make, scope)))

  return [
    each('who comes in and who listens have a channel between them, both ways', async (inn) => {
      const guest = new Ear(await inn.connect()).open()
      await pauseUntil(() => inn.ears.length === 1)
      const [host] = inn.ears as [Ear]
      guest.send(patterned(1_000))
      host.send(patterned(2_000, 1))
      await Promise.all([host.until(() => host.bytes >= 1_000), guest.until(() => guest.bytes >= 2_000)])
      check('What arrived', [host.received, guest.received], [patterned(1_000), patterned(2_000, 1)])
    }),
    each('several come in at once, each with a channel of its own', async (inn) => {
      const channels = await Promise.all(Array.from({ length: 8 }, () => inn.connect()))
      const guests = channels.map((channel) => new Ear(channel).open())
      guests.forEach((guest, index) => guest.send(Uint8Array.of(index, 2 * index)))
      await pauseUntil(() => inn.ears.length === 8 && inn.ears.every(({ bytes }) => bytes >= 2))
      for (const ear of inn.ears) ear.send(ear.received)
      await Promise.all(guests.map((guest) => guest.until(() => guest.bytes >= 2)))
      check(
        'What each heard',
        guests.map(({ received }) => [...received]),
        guests.map((_, index) => [index, 2 * index]),
      )
    }),
    each('one that leaves without a word harms no other', async (inn) => {
      const [first, second] = [await inn.connect(), await inn.connect()]
      const guest = new Ear(second).open()
      first.destroy()
      await pauseUntil(() => inn.ears.some(({ closes }) => closes > 0))
      guest.send(patterned(100))
      await pauseUntil(() => inn.ears.some(({ bytes }) => bytes >= 100))
      await new Ear(await inn.connect()).open().until(() => true)
    }),
    each('close lets nobody in any more, and those who are in go on', async (inn) => {
      const guest = new Ear(await inn.connect()).open()
      await pauseUntil(() => inn.ears.length === 1)
      await Promise.all([inn.listening.close(), inn.listening.close()])
      await failureOf('connect after close', () => inn.connect())
      guest.send(patterned(100))
      await pauseUntil(() => inn.ears.some(({ bytes }) => bytes >= 100))
      check('How many came in', inn.ears.length, 1)
    }),
    each('close frees the place: one may listen there again', async (inn) => {
      await inn.listening.close()
      await inn.listen()
      const guest = new Ear(await inn.connect()).open()
      await pauseUntil(() => inn.ears.length === 1)
      guest.send(patterned(100))
      await pauseUntil(() => inn.ears.some(({ bytes }) => bytes >= 100))
    }),
    each('connect where nobody listens rejects', async (inn) => {
      await inn.listening.close()
      const error = await failureOf('connect', () => inn.connect())
      checkThat(typeof (error as { message?: unknown }).message === 'string', `an error, got ${String(error)}`)
      check('Who came in', inn.ears.length, 0)
    }),
    each('connect whose signal has aborted rejects with its reason, and leaves nothing', async (inn) => {
      const controller = newAbortController()
      const reason = new RangeError('never mind')
      controller.abort(reason)
      const error = await failureOf('connect', () => inn.connect({ signal: controller.signal }))
      check('The error is the reason', error === reason, true)
      await leftAlone(inn)
    }),
    ...(silent === undefined ? [] : waiting(silent, options)),
    ...(intrude === undefined
      ? []
      : [
          each('who may not come in reaches no channel, is told of, and harms nobody', async (inn) => {
            const guest = new Ear(await inn.connect()).open()
            await pauseUntil(() => inn.ears.length === 1)
            await intrude(inn.listening)
            await pauseUntil(() => inn.refused.length > 0)
            check('Who came in', inn.ears.length, 1)
            guest.send(patterned(100))
            await pauseUntil(() => (inn.ears[0] as Ear).bytes >= 100)
            await inn.connect()
            await pauseUntil(() => inn.ears.length === 2)
            check(
              'What the refused said',
              inn.ears.map(({ bytes }) => bytes),
              [100, 0],
            )
          }),
        ]),
    ...channelSuite(() => joined(make), options).map(({ name, run }) => ({ name: `over its channel: ${name}`, run })),
  ]
}

function waiting(silent: NonNullable<EndpointSuiteOptions['silent']>, options: EndpointSuiteOptions): Case[] {
  return [
    makeCase('connect to one who never answers rejects after its timeout', options, async (scope) => {
      const endpoint = await silent(scope)
      const error = await failureOf('connect', () => endpoint.connect({ timeout: 50 }))
      check('The code', (error as { code?: unknown }).code, 'ERR_TIMEOUT')
    }),
    makeCase('connect to one who never answers rejects with the reason of its signal', options, async (scope) => {
      const endpoint = await silent(scope)
      const controller = newAbortController()
      const reason = new RangeError('never mind')
      const failed = failureOf('connect', () => endpoint.connect({ signal: controller.signal }))
      await pause(20)
      controller.abort(reason)
      check('The error is the reason', (await failed) === reason, true)
    }),
  ]
}

/** An endpoint where somebody listens: opens the channels of all who come in. */
class Inn {
  readonly ears: Ear[] = []
  readonly refused: Error[] = []
  listening: Listening
  readonly #setup: EndpointSetup
  readonly #scope: Scope

  private constructor(setup: EndpointSetup, scope: Scope) {
    this.#setup = setup
    this.#scope = scope
    this.listening = { label: '', close: () => Promise.resolve() }
  }

  static async open(make: () => Promise<EndpointSetup> | EndpointSetup, scope: Scope): Promise<Inn> {
    const setup = await make()
    scope.defer(() => setup.end?.())
    const inn = new Inn(setup, scope)
    await inn.listen()
    return inn
  }

  async listen(): Promise<void> {
    const listening = await this.#setup.endpoint.listen({
      onChannel: (channel) => {
        this.#scope.defer(() => channel.destroy())
        this.ears.push(new Ear(channel).open())
      },
      onRefused: (error) => this.refused.push(error),
    })
    this.#scope.defer(() => listening.close())
    this.listening = listening
  }

  async connect(options?: ConnectOptions): Promise<Channel> {
    const endpoint = this.#setup.there?.(this.listening) ?? this.#setup.endpoint
    const channel = await endpoint.connect(options)
    this.#scope.defer(() => channel.destroy())
    return channel
  }
}

/** Both ends of one channel, for the cases of channels. */
async function joined(make: () => Promise<EndpointSetup> | EndpointSetup) {
  const setup = await make()
  let arrived: (channel: Channel) => void = () => undefined
  const landlord = new Promise<Channel>((resolve) => {
    arrived = resolve
  })
  const listening = await setup.endpoint.listen({
    onChannel: (channel) => arrived(channel),
    onRefused: () => undefined,
  })
  const a = await (setup.there?.(listening) ?? setup.endpoint).connect()
  const b = await landlord
  const end = async (): Promise<void> => {
    await listening.close()
    await setup.end?.()
  }
  return { a, b, end }
}

/** Of an attempt that was given up nobody is left: who comes in later is the only one, or the only one who stays. */
async function leftAlone(inn: Inn): Promise<void> {
  const guest = new Ear(await inn.connect()).open()
  guest.send(patterned(100))
  await pauseUntil(() => inn.ears.some(({ bytes }) => bytes >= 100))
  await pauseUntil(() => inn.ears.filter(({ closes }) => closes === 0).length === 1)
}

/** The deadline of the case bounds it. */
async function pauseUntil(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(2)
}
