/**
 * The suites find what they are for: five adapters, each broken in one way, fail the cases that say so, and no others.
 * Where more than one case fails, all of them rest on what is broken.
 */
import type { Channel, ChannelEvents, Launch, LaunchContext } from '@troupe/core'
import {
  type Case,
  channelPair,
  channelSuite,
  inline,
  type InlinePlacement,
  placementSuite,
} from '@troupe/core/testing'
import * as actors from '@troupe/core/testing/actors'

type Suite = (deadline: number) => readonly Case[]

/**
 * The names of the cases that fail. Those that are to fail wait in vain, all at once and not for long; the others have
 * all the time that a busy machine may need.
 */
async function failing(suite: Suite, guilty: readonly string[]): Promise<string[]> {
  const failed = new Set<string>()
  const tried = ({ name, run }: Case): Promise<unknown> => run().catch(() => failed.add(name))
  await Promise.all(
    suite(1_500)
      .filter(({ name }) => guilty.includes(name))
      .map(tried),
  )
  for (const each of suite(15_000)) if (!guilty.includes(each.name)) await tried(each)
  return suite(0)
    .map(({ name }) => name)
    .filter((name) => failed.has(name))
}

async function expectFound(suite: Suite, guilty: readonly string[]): Promise<void> {
  expect(await failing(suite, guilty)).toEqual(guilty)
}

/** A channel that does as `channel` does, but for what `broken` says. */
function broken(channel: Channel, but: Partial<Channel>): Channel {
  return {
    send: (bytes) => channel.send(bytes),
    open: (events) => channel.open(events),
    close: () => channel.close(),
    destroy: () => channel.destroy(),
    ...but,
  }
}

function onEvents(channel: Channel, but: (events: ChannelEvents) => Partial<ChannelEvents>): Channel {
  return broken(channel, {
    open: (events) =>
      channel.open({
        onData: (chunk) => events.onData(chunk),
        onDrain: () => events.onDrain(),
        onClose: () => events.onClose(),
        ...but(events),
      }),
  })
}

/** The cases of a channel in memory whose both ends `fault` has been put around. */
function channelCases(fault: (channel: Channel) => Channel): Suite {
  const make = () => {
    const [a, b] = channelPair({ highWater: 64 * 1024 })
    return { a: fault(a), b: fault(b) }
  }
  return (deadline) => channelSuite(make, { ends: 'apart', deadline })
}

/** Writes in a later turn; what waits for it when the channel closes is forgotten. */
function lostFlush(channel: Channel, saysFull = true): Channel {
  let waiting: Uint8Array[] | undefined = []
  let events: ChannelEvents | undefined
  const write = (): void => {
    const bytes = waiting?.shift()
    if (bytes !== undefined && channel.send(bytes) && saysFull) events?.onDrain()
  }
  return broken(channel, {
    open: (given) => channel.open((events = given)),
    send: (bytes) => {
      if (waiting === undefined) return true
      waiting.push(Uint8Array.from(bytes))
      setImmediate(write)
      return !saysFull
    },
    close: () => {
      waiting = undefined
      channel.close()
    },
    destroy: () => {
      waiting = undefined
      channel.destroy()
    },
  })
}

/** Joins two sends of one turn, one byte short. */
function mergedFrames(channel: Channel): Channel {
  let last: Uint8Array | undefined
  return broken(channel, {
    send: (bytes) => {
      if (last === undefined) {
        void Promise.resolve().then(() => (last = undefined))
        last = bytes
        return channel.send(bytes)
      }
      last = undefined
      return channel.send(bytes.subarray(bytes.length > 1 ? 1 : 0))
    },
  })
}

/** Tells nobody of an end. */
const swallowedClose = (channel: Channel): Channel => onEvents(channel, () => ({ onClose: () => undefined }))

/** Takes whatever it is given, however much waits. */
const ignoredCredit = (channel: Channel): Channel => broken(channel, { send: (bytes) => (channel.send(bytes), true) })

/** Its hosts are told to be gone when they are about to end, not when they have. */
function earlyDown(placement: InlinePlacement): InlinePlacement {
  return {
    ...placement,
    launch(context: LaunchContext): Launch {
      const launch = placement.launch(context)
      let resolve: (end: Awaited<Launch['gone']>) => void = () => undefined
      const gone = new Promise<Awaited<Launch['gone']>>((done) => {
        resolve = done
      })
      void launch.gone.then(resolve)
      return {
        channel: launch.channel,
        codec: launch.codec,
        pid: undefined,
        greeted: () => launch.greeted(),
        drain: (grace) => {
          launch.drain(Math.min(grace, 300))
          resolve({ code: 0, signal: null, killed: false })
        },
        kill: () => launch.kill(),
        gone,
      }
    },
  }
}

const inlineCases =
  (placement: () => InlinePlacement): Suite =>
  (deadline) =>
    placementSuite({ placement, actors }, { exits: false, deadline })

describe('the suites find', () => {
  test('a channel that loses what waits when it closes: all cases that close right after a send', async () => {
    await expectFound(channelCases(lostFlush), [
      'close comes after all that was sent, and both ends are told once',
      'what the other end had sent when it hears of a close still arrives',
      'an end that was told of no end sends on to one that has closed its own way',
      'close of both ends at once brings what both had sent',
    ])
  })

  test('a host that loses what waits when it ends: its last words tell why, and its last messages what', async () => {
    const wrap = (channel: Channel, end: 'near' | 'far'): Channel =>
      end === 'far' ? lostFlush(channel, false) : channel
    await expectFound(
      inlineCases(() => inline({ wrap })),
      [
        'a throw ends the actor: class, fields and cause are kept, in answer and reason',
        'stop finishes the message in hand, runs onStop, and gives the reason',
        'what was sent before the end arrives before DOWN, by stop',
        'what was sent before the end arrives before DOWN, by throw',
        'DOWN comes once per watch, after the end of the channel and of what is behind it',
        'a start that fails in init rejects with its error, and leaves nothing',
      ],
    )
  })

  test('a channel that merges two sends of one turn: both cases with many of those', async () => {
    await expectFound(channelCases(mergedFrames), [
      'pieces of 100 bytes arrive intact and in order',
      'both directions carry at once, and neither waits for the other',
    ])
  })

  test('a channel that swallows its end: all cases that wait for one', async () => {
    await expectFound(channelCases(swallowedClose), [
      'close comes after all that was sent, and both ends are told once',
      'what the other end had sent when it hears of a close still arrives',
      'an end that was told of no end sends on to one that has closed its own way',
      'close of both ends at once brings what both had sent',
      'destroy ends both ways, whatever waits, and both ends are told once',
      'send never throws, and takes, after close, after destroy and after the end',
      'an end that is lost without a word is told to the other, whose sends never throw',
    ])
  })

  test('a placement that tells of an end too early: of an end, and of one that was asked for', async () => {
    await expectFound(
      inlineCases(() => earlyDown(inline())),
      [
        'stop finishes the message in hand, runs onStop, and gives the reason',
        'DOWN comes once per watch, after the end of the channel and of what is behind it',
      ],
    )
  })

  test('a channel that ignores how much waits: that case alone', async () => {
    await expectFound(channelCases(ignoredCredit), [
      'send says that it is full while nobody reads, then drains once somebody does, and nothing is lost',
    ])
  })
})
