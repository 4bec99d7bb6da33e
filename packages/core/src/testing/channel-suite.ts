/** What every channel promises (ports/channel.ts), each promise as a case. */
import type { Channel } from '../ports/channel.js'
import { type Case, makeCase, pause, type Scope, type SuiteOptions } from './suite/case.js'
import { check, checkThat } from './suite/check.js'
import { Ear, firstDifference, patterned } from './suite/ear.js'

/** Two joined ends, neither opened yet. */
export interface ChannelEnds {
  readonly a: Channel
  readonly b: Channel
  /** Ends whatever was made for them. The suite destroys both channels itself. */
  end?(): Promise<void> | void
}

export interface ChannelSuiteOptions extends SuiteOptions {
  /** Bytes that may wait at most when nobody reads. Default 16 MiB; Infinity for a channel that knows no bound. */
  readonly bound?: number | undefined
  /**
   * `together`: an end that has read the last byte of the other ends its own way by itself; the default. `apart`: that
   * way stays open until it is closed too.
   */
  readonly ends?: 'together' | 'apart' | undefined
  /** The channel hands buffers over (`move`). Default false: then that case is left out. */
  readonly moves?: boolean | undefined
  /** Makes all that `a` sends fail from now on, and leaves the way from `b` to `a` as it is. Without it that case is left out. */
  readonly deafen?: ((ends: ChannelEnds) => void) | undefined
}

const KIB = 1024
const MIB = 1024 * KIB

/** Cases for a channel; `make` is called once for each. */
export function channelSuite(
  make: () => Promise<ChannelEnds> | ChannelEnds,
  options: ChannelSuiteOptions = {},
): readonly Case[] {
  const { bound = 16 * MIB, ends = 'together', moves = false, deafen } = options
  const each = (name: string, body: (given: Ends) => Promise<void>): Case =>
    makeCase(name, options, async (scope) => {
      const given = await openEnds(make, scope)
      await body(given)
      // Whatever came late shows too.
      await pause(5)
      check('What was told when nothing may be', [...given.a.wrong, ...given.b.wrong], [])
    })

  const cases = [
    ...[1, 100, 64 * KIB, 3 * MIB].map((piece) =>
      each(`pieces of ${piece} bytes arrive intact and in order`, ({ a, b }) => arrives(a.open(), b.open(), piece)),
    ),
    each('a piece of no bytes changes nothing', async ({ a, b }) => {
      a.open()
      b.open()
      a.send(patterned(3))
      a.send(new Uint8Array(0))
      a.send(patterned(3, 1))
      await b.until(() => b.bytes >= 6)
      checkBytes('What arrived', b, patterned(3), patterned(3, 1))
    }),
    each('the sender may overwrite its bytes as soon as send returns', async ({ a, b }) => {
      a.open()
      const mine = patterned(10 * KIB)
      a.send(mine)
      mine.fill(0)
      b.open()
      await b.until(() => b.bytes >= mine.length)
      checkBytes('What arrived', b, patterned(10 * KIB))
    }),
    each('what was sent before the other end is opened waits for it', async ({ a, b }) => {
      a.send(patterned(KIB))
      await pause(20)
      a.open()
      a.send(patterned(KIB, 1))
      b.open()
      await b.until(() => b.bytes >= 2 * KIB)
      checkBytes('What arrived', b, patterned(KIB), patterned(KIB, 1))
    }),
    each('both directions carry at once, and neither waits for the other', async ({ a, b }) => {
      const [down, up] = [patterned(MIB), patterned(MIB, 1)]
      a.open()
      b.open()
      await Promise.all([a.sendAll(down, 10_000), b.sendAll(up, 70_000)])
      await Promise.all([b.until(() => b.bytes >= down.length), a.until(() => a.bytes >= up.length)])
      checkBytes('What arrived at b', b, down)
      checkBytes('What arrived at a', a, up)
    }),
    ...(bound === Infinity ? [] : [each(FULL, (given) => fillsAndDrains(given, bound))]),
    each('close comes after all that was sent, and both ends are told once', async ({ a, b, channels }) => {
      const all = patterned(MIB)
      a.open()
      b.open()
      await a.sendAll(all, 256 * KIB)
      a.call('close', () => channels.a.close())
      channels.a.close()
      await b.until(() => b.bytes >= all.length)
      if (ends === 'apart') channels.b.close()
      await bothClosed(a, b)
      checkBytes('What arrived before the end', b, all)
    }),
    each('what the other end had sent when it hears of a close still arrives', async ({ a, b, channels }) => {
      a.open()
      b.open()
      a.send(patterned(KIB))
      b.send(patterned(50 * KIB, 1))
      channels.a.close()
      await b.until(() => b.bytes >= KIB)
      channels.b.close()
      await bothClosed(a, b)
      checkBytes('What arrived at the end that had closed', a, patterned(50 * KIB, 1))
    }),
    ...(moves ? [each(MOVES, handsOver)] : []),
    ...(ends === 'apart' ? [each(APART, staysOpen)] : []),
    each('close of both ends at once brings what both had sent', async ({ a, b, channels }) => {
      a.open()
      b.open()
      a.send(patterned(KIB))
      b.send(patterned(KIB, 1))
      channels.a.close()
      channels.b.close()
      await bothClosed(a, b)
      checkBytes('What arrived at b', b, patterned(KIB))
      checkBytes('What arrived at a', a, patterned(KIB, 1))
    }),
    each('destroy ends both ways, whatever waits, and both ends are told once', async ({ a, b, channels }) => {
      a.open()
      b.open()
      for (let sent = 0; sent < MIB && a.send(patterned(64 * KIB)); sent += 64 * KIB);
      a.call('destroy', () => channels.a.destroy())
      channels.a.destroy()
      await bothClosed(a, b)
    }),
    each('send never throws, and takes, after close, after destroy and after the end', async ({ a, b, channels }) => {
      a.open()
      b.open()
      channels.a.close()
      check('send after close', a.send(patterned(KIB)), true)
      channels.b.destroy()
      check('send after destroy', b.send(patterned(KIB)), true)
      await bothClosed(a, b)
      check('send after the end', [a.send(patterned(KIB)), b.send(patterned(KIB))], [true, true])
      check('What arrived of it', [a.bytes, b.bytes], [0, 0])
    }),
    each(
      'an end that is lost without a word is told to the other, whose sends never throw',
      async ({ a, b, channels }) => {
        a.open()
        b.open()
        channels.b.destroy()
        for (let turn = 0; turn < 20; turn += 1) {
          a.send(patterned(64 * KIB))
          await pause(1)
        }
        await bothClosed(a, b)
      },
    ),
    ...(deafen === undefined ? [] : [each(DEAF, (given) => readsOn(given, () => deafen(given.channels)))]),
    each('flushNow, where there is one, writes what waits before it returns', async ({ a, b, channels }) => {
      a.open()
      a.send(patterned(KIB))
      channels.a.flushNow?.([patterned(KIB, 1), patterned(KIB, 2)], 1_000)
      const expected = [
        patterned(KIB),
        ...(channels.a.flushNow === undefined ? [] : [patterned(KIB, 1), patterned(KIB, 2)]),
      ]
      // As if the process had ended: nothing may be left to a later turn.
      b.open()
      await b.until(() => b.bytes >= expected.length * KIB)
      checkBytes('What arrived', b, ...expected)
    }),
  ]
  return cases
}

const FULL = 'send says that it is full while nobody reads, then drains once somebody does, and nothing is lost'
const APART = 'an end that was told of no end sends on to one that has closed its own way'
const DEAF = 'a lost way out does not end reading'

interface Ends {
  readonly a: Ear
  readonly b: Ear
  readonly channels: ChannelEnds
}

async function openEnds(make: () => Promise<ChannelEnds> | ChannelEnds, scope: Scope): Promise<Ends> {
  const channels = await make()
  scope.defer(() => channels.end?.())
  scope.defer(() => {
    channels.a.destroy()
    channels.b.destroy()
  })
  return { a: new Ear(channels.a), b: new Ear(channels.b), channels }
}

async function arrives(from: Ear, to: Ear, piece: number): Promise<void> {
  const all = patterned(piece === 1 ? 2_000 : piece === 100 ? 100_000 : Math.max(MIB, piece))
  await from.sendAll(all, piece)
  await to.until(() => to.bytes >= all.length)
  checkBytes('What arrived', to, all)
}

async function fillsAndDrains({ a, b }: Ends, bound: number): Promise<void> {
  const piece = patterned(64 * KIB)
  a.open()
  let sent = 0
  let more = true
  while (more && sent <= bound) {
    more = a.send(piece)
    sent += piece.length
    // A channel may fill only as it writes.
    if (sent % MIB === 0) await pause(1)
  }
  checkThat(!more, `send to return false before ${bound} bytes wait for one who does not read; it took ${sent}`)
  check('Drains while nobody reads', a.drains, 0)
  b.open()
  await a.until(() => a.drains > 0)
  a.send(patterned(KIB, 1))
  await b.until(() => b.bytes >= sent + KIB)
  checkBytes('What arrived', b, ...Array.from({ length: sent / piece.length }, () => piece), patterned(KIB, 1))
  await a.until(() => a.drains === a.fulls)
}

const MOVES = 'buffers that are handed over come before what is sent later, and are gone here'

async function handsOver({ a, b, channels }: Ends): Promise<void> {
  const { buffer } = new Uint8Array(patterned(MIB))
  a.open()
  b.open()
  a.send(patterned(KIB))
  a.call('move', () => channels.a.move?.(7, [buffer]))
  a.send(patterned(KIB, 1))
  await b.until(() => b.bytes >= 2 * KIB)
  const came = b.moved.map(({ parcel, buffers, after }) => [parcel, buffers.map((each) => each.byteLength), after])
  check('What came, and after how many bytes', came, [[7, [MIB], KIB]])
  check('What is left of it here', buffer.byteLength, 0)
}

async function staysOpen({ a, b, channels }: Ends): Promise<void> {
  a.open()
  b.open()
  a.send(patterned(KIB))
  channels.a.close()
  await b.until(() => b.bytes >= KIB)
  await pause(20)
  check('Ends that were told', [a.closes, b.closes], [0, 0])
  await b.sendAll(patterned(MIB, 1), 64 * KIB)
  channels.b.close()
  await bothClosed(a, b)
  checkBytes('What arrived at the end that had closed', a, patterned(MIB, 1))
}

async function readsOn({ a, b, channels }: Ends, deafen: () => void): Promise<void> {
  deafen()
  for (let turn = 0; turn < 10; turn += 1) {
    a.send(patterned(64 * KIB))
    await pause(1)
  }
  a.open()
  // The end that hears nothing any more speaks on.
  b.send(patterned(50 * KIB, 1))
  await a.until(() => a.bytes >= 50 * KIB)
  channels.b.close()
  await a.until(() => a.closes > 0)
  checkBytes('What was read after the way out was lost', a, patterned(50 * KIB, 1))
}

async function bothClosed(a: Ear, b: Ear): Promise<void> {
  await Promise.all([a.until(() => a.closes > 0), b.until(() => b.closes > 0)])
  await pause(5)
  check('How often each end was told of the end', [a.closes, b.closes], [1, 1])
}

function checkBytes(what: string, { received }: Ear, ...expected: readonly Uint8Array[]): void {
  const whole = new Uint8Array(expected.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of expected) {
    whole.set(part, at)
    at += part.length
  }
  const wrong = firstDifference(received, whole)
  checkThat(
    wrong === undefined,
    `${what} to be what was sent, ${whole.length} bytes; got ${received.length}, and byte ${wrong} differs`,
  )
}
