import type { Overflow, Reason } from '@troupe/core'
import { type Asker, type Envelope, StableActor } from '@troupe/core/internal'
import { deferred, stateOf, turn } from '../support/settle.js'

type Life = Parameters<StableActor['live']>[0]

/** A life that keeps what it is given, up to its room, and can give it back. */
class FakeLife {
  readonly taken: Envelope[] = []
  readonly mailbox: { capacity: number; overflow: Overflow }
  readonly capacity: number
  readonly address: Life['address']
  readonly home = {}
  readonly label = 'life'
  readonly lasting = false
  accepts = true
  ended: Reason | undefined
  readonly #end = deferred<Reason>()
  readonly #watchers: ((reason: Reason) => void)[] = []
  #room = deferred()

  constructor(incarnation: number, capacity = 3, overflow: Overflow = 'wait') {
    this.capacity = capacity
    this.mailbox = { capacity, overflow }
    this.address = { host: 1, actor: 100 + incarnation, incarnation }
  }

  get exited(): Promise<Reason> {
    return this.#end.promise
  }

  get open(): boolean {
    return !this.accepts || this.taken.length < this.capacity
  }

  room(): Promise<void> {
    return this.open ? Promise.resolve() : this.#room.promise
  }

  accept(envelope: Envelope): boolean {
    this.taken.push(envelope)
    return true
  }

  tell(): boolean {
    throw new Error('It is here: it is given envelopes')
  }

  ask(): void {
    throw new Error('It is here: it is given envelopes')
  }

  stop = (): void => undefined
  kill = (): void => undefined
  onEnd = (watcher: (reason: Reason) => void): void => void this.#watchers.push(watcher)
  offEnd = (): void => undefined

  /** The oldest has been handled. */
  handle(): Envelope | undefined {
    const envelope = this.taken.shift()
    this.#room.resolve()
    this.#room = deferred()
    return envelope
  }

  get names(): string[] {
    return this.taken.map(({ name }) => name)
  }

  /** Gives back what it has not handled, as a cell does; `meanwhile` is called after the first. */
  crash(meanwhile: () => void = () => undefined): void {
    const reason: Reason = { type: 'error', error: new Error('crashed') }
    this.accepts = false
    this.#room.resolve()
    for (const envelope of this.taken.splice(0)) {
      envelope.through?.takeBack(envelope, reason)
      meanwhile()
    }
    this.ended = reason
    for (const watcher of this.#watchers.splice(0)) watcher(reason)
    this.#end.resolve(reason)
  }
}

const asLife = (life: FakeLife): Life => life as unknown as Life

function scene({ capacity = 3, overflow = 'wait' as Overflow, copies = false } = {}) {
  const letters: string[] = []
  const host = {
    deadLetter: (_: unknown, name: string, __: unknown, why: string) => void letters.push(`${name} ${why}`),
  }
  const stable = new StableActor(host, {
    ...{ address: { host: 1, actor: 20, incarnation: 0 }, name: 'a', copies },
    mailbox: { capacity, overflow },
  })
  const tell = (name: string, arg?: unknown): boolean => stable.tell(name, arg, undefined)
  const asked: string[] = []
  const ask = (name: string): Asker & { giveUp(): void } => {
    const asker = {
      ...{ settled: false, abandoned: false, onAbandon: undefined as Asker['onAbandon'], chain: undefined },
      resolve: () => void asked.push(`${name} answered`),
      reject: (error: Error) => void asked.push(`${name} ${error.name}`),
      giveUp() {
        asker.abandoned = true
        asker.onAbandon?.(asker as never, new RangeError('given up'))
      },
    }
    stable.ask(name, undefined, asker as never)
    return asker as never
  }
  return { stable, letters, tell, ask, asked }
}

describe('who stands for a supervised actor', () => {
  test('keeps what comes before its first life, and hands it on in order, as far as there is room', async () => {
    const { stable, tell, ask } = scene()
    expect([tell('a'), tell('b')]).toEqual([true, true])
    ask('c')
    const life = new FakeLife(0, 2)
    stable.live(asLife(life), 0)
    expect(life.names).toEqual(['a', 'b'])
    life.handle()
    await turn()
    expect(life.names).toEqual(['b', 'c'])
  })

  test('passes on at once what nothing waits before', () => {
    const { stable, tell } = scene()
    const life = new FakeLife(0)
    stable.live(asLife(life), 0)
    tell('a')
    expect(life.names).toEqual(['a'])
  })

  test('puts what a life gives back before what came meanwhile, in order', () => {
    const { stable, tell } = scene({ capacity: 9 })
    const first = new FakeLife(0, 9)
    stable.live(asLife(first), 0)
    for (const name of ['a', 'b', 'c']) tell(name)
    expect(first.names).toEqual(['a', 'b', 'c'])
    let n = 0
    first.crash(() => {
      n += 1
      tell(`later ${n}`)
    })
    const second = new FakeLife(1, 9)
    stable.live(asLife(second), 1)
    expect(second.names).toEqual(['a', 'b', 'c', 'later 1', 'later 2', 'later 3'])
  })

  test('puts what a life gives back before what had found no room there, in order', () => {
    const { stable, tell } = scene({ capacity: 9 })
    for (const name of ['a', 'b', 'c', 'd']) tell(name)
    const first = new FakeLife(0, 2)
    stable.live(asLife(first), 0)
    expect(first.names).toEqual(['a', 'b'])
    first.crash()
    const second = new FakeLife(1, 9)
    stable.live(asLife(second), 1)
    expect(second.names).toEqual(['a', 'b', 'c', 'd'])
  })

  test('gives back again what a second life did not handle either', () => {
    const { stable, tell } = scene({ capacity: 9 })
    tell('a')
    tell('b')
    for (let n = 0; n < 3; n += 1) {
      const life = new FakeLife(n, 9)
      stable.live(asLife(life), n)
      expect(life.names).toEqual(['a', 'b'])
      life.crash()
    }
  })

  test('has the incarnation of its life, and one number for all', () => {
    const { stable } = scene()
    stable.live(asLife(new FakeLife(4)), 4)
    expect(stable.address).toEqual({ host: 1, actor: 20, incarnation: 4 })
  })

  test('holds no more between two lives than its mailbox does', () => {
    const { letters, tell, ask, asked } = scene({ capacity: 2, overflow: 'dropNewest' })
    expect(['a', 'b', 'c'].map((name) => tell(name))).toEqual([true, true, false])
    ask('d')
    expect([letters, asked]).toEqual([['c dropNewest'], ['d MailboxFullError']])
  })

  test('under dropOldest drops the oldest', () => {
    const { stable, letters, tell, ask, asked } = scene({ capacity: 2, overflow: 'dropOldest' })
    ask('a')
    expect(['b', 'c', 'd'].map((name) => tell(name))).toEqual([true, true, true])
    const life = new FakeLife(0, 9)
    stable.live(asLife(life), 0)
    expect([life.names, asked, letters]).toEqual([['c', 'd'], ['a MailboxFullError'], ['b dropOldest']])
  })

  test('tells who waits for room when a life has some, though what had waited filled it at once', async () => {
    const { stable, tell } = scene({ capacity: 2 })
    tell('a')
    tell('b')
    const room = stable.room()
    const life = new FakeLife(0, 2)
    stable.live(asLife(life), 0)
    expect(await stateOf(room)).toBe('pending')
    life.handle()
    await room
    expect(tell('c')).toBe(true)
  })

  test('goes on waiting for room when the life ends before it had some', async () => {
    const { stable, tell } = scene({ capacity: 2 })
    const first = new FakeLife(0, 2)
    stable.live(asLife(first), 0)
    tell('a')
    tell('b')
    const room = stable.room()
    first.crash()
    expect(await stateOf(room)).toBe('pending')
    stable.live(asLife(new FakeLife(1, 4)), 1)
    await room
  })

  test('takes back an ask that is given up while it waits', () => {
    const { stable, tell, ask, asked } = scene()
    tell('a')
    const given = ask('b')
    tell('c')
    given.giveUp()
    const life = new FakeLife(0)
    stable.live(asLife(life), 0)
    expect([life.names, asked]).toEqual([['a', 'c'], ['b RangeError']])
  })

  test('does not keep an ask that was given up when its life gives it back', () => {
    const { stable, ask, asked } = scene()
    const first = new FakeLife(0)
    stable.live(asLife(first), 0)
    const given = ask('a')
    Object.assign(given, { abandoned: true })
    first.crash()
    const second = new FakeLife(1)
    stable.live(asLife(second), 1)
    expect([second.names, asked]).toEqual([[], ['a ActorDownError']])
  })

  test('refuses what waits, what comes and what is given back, once it is closed', () => {
    const { stable, letters, tell, ask, asked } = scene({ capacity: 9 })
    const life = new FakeLife(0, 9)
    stable.live(asLife(life), 0)
    tell('in the life')
    life.crash()
    tell('waits')
    ask('waits too')
    stable.close({ type: 'shutdown' })
    expect(tell('late')).toBe(false)
    ask('late too')
    expect(letters).toEqual(['in the life down', 'waits down', 'late down'])
    expect(asked).toEqual(['waits too ActorDownError', 'late too ActorDownError'])
    expect(stable.open).toBe(true)
  })

  test('refuses what a life gives back after it was closed', () => {
    const { stable, letters, tell, ask, asked } = scene()
    const life = new FakeLife(0)
    stable.live(asLife(life), 0)
    tell('a')
    ask('b')
    stable.close({ type: 'shutdown' })
    life.crash()
    expect([letters, asked]).toEqual([['a down'], ['b ActorDownError']])
  })

  test('opens again with another life, when it was closed and not ended', () => {
    const { stable, tell } = scene()
    stable.close({ type: 'shutdown' })
    const life = new FakeLife(1)
    stable.live(asLife(life), 1)
    expect([tell('a'), life.names]).toEqual([true, ['a']])
  })

  test('has no end between two lives but `noproc`; what lasts ends with the last', async () => {
    const { stable } = scene()
    const [ends, gone]: [Reason[], Reason[]] = [[], []]
    stable.onEnd((reason) => ends.push(reason))
    stable.onGone((reason) => gone.push(reason))
    expect([ends, await stable.exited, stable.ended]).toEqual([
      [{ type: 'noproc' }],
      { type: 'noproc' },
      { type: 'noproc' },
    ])
    const life = new FakeLife(0)
    stable.live(asLife(life), 0)
    const { exited } = stable
    stable.onEnd((reason) => ends.push(reason))
    life.crash()
    expect([ends.map(({ type }) => type), (await exited).type, gone]).toEqual([['noproc', 'error'], 'error', []])
    stable.end({ type: 'shutdown' })
    expect(gone).toEqual([{ type: 'shutdown' }])
  })

  test('copies what waits for a life elsewhere at the call', () => {
    const { stable, tell } = scene({ copies: true })
    const arg = { n: 1 }
    tell('a', arg)
    arg.n = 2
    const life = new FakeLife(0)
    stable.live(asLife(life), 0)
    expect(life.taken[0]?.arg).toEqual({ n: 1 })
  })

  test('gives the room of another host back when its message is dropped or refused, once', () => {
    const { stable } = scene({ capacity: 2 })
    const handled: number[] = []
    const sender = { handled: (bytes: number) => void handled.push(bytes) }
    stable.resident.admit('a', undefined, undefined, sender, 7)
    expect(handled).toEqual([])
    stable.close({ type: 'shutdown' })
    expect(handled).toEqual([7])
    stable.resident.admit('b', undefined, undefined, sender, 8)
    expect(handled).toEqual([7, 8])
  })

  test('leaves the room of another host with its message, whatever life that is in', () => {
    const { stable } = scene({ capacity: 2 })
    const handled: number[] = []
    stable.resident.admit('a', undefined, undefined, { handled: (bytes: number) => void handled.push(bytes) }, 7)
    const first = new FakeLife(0)
    stable.live(asLife(first), 0)
    expect([first.names, handled]).toEqual([['a'], []])
    first.crash()
    const second = new FakeLife(1)
    stable.live(asLife(second), 1)
    const envelope = second.handle()
    envelope?.sender?.handled(envelope.bytes)
    expect(handled).toEqual([7])
  })
})
