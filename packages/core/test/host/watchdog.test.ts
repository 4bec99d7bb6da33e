import { Watchdog } from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'

/** One whose timers go off late by what it is told, as those of a busy thread do. */
class LateClock extends ManualClock {
  late = 0

  override now(): number {
    return super.now() + this.late
  }
}

/** For a time of 100 ms: it bites after a silence of 125. */
function watched() {
  const clock = new LateClock()
  const bites: number[] = []
  return { clock, bites, dog: new Watchdog(100, clock, (ran) => bites.push(ran)) }
}

describe('a watchdog', () => {
  test('bites once, when an actor that is busy has said nothing for the time and a quarter', async () => {
    const { clock, bites, dog } = watched()
    dog.busy()
    await clock.advance(124)
    expect(bites).toEqual([])
    await clock.advance(1_000)
    expect(bites).toEqual([125])
    dog.busy()
    await clock.advance(1_000)
    expect(bites).toEqual([125])
    expect(clock.pending).toBe(0)
  })

  test('never bites one that is idle, nor one that goes on to the next message in time', async () => {
    const { clock, bites, dog } = watched()
    for (let message = 0; message < 20; message += 1) {
      dog.busy()
      await clock.advance(99)
    }
    dog.idle()
    await clock.advance(1_000)
    expect(bites).toEqual([])
    expect(clock.pending).toBe(0)
  })

  test('counts from the last start, however many there were before', async () => {
    const { clock, bites, dog } = watched()
    dog.busy()
    await clock.advance(50)
    dog.idle()
    await clock.advance(20)
    dog.busy()
    await clock.advance(124)
    expect(bites).toEqual([])
    await clock.advance(1)
    expect(bites).toEqual([125])
  })

  test('sets no timer while one is set, however many messages there are', () => {
    const { clock, dog } = watched()
    for (let message = 0; message < 100; message += 1) {
      dog.busy()
      dog.idle()
    }
    expect(clock.pending).toBe(1)
    dog.end()
    expect(clock.pending).toBe(0)
  })

  test('takes another look when its own thread was busy: news may wait to be read', async () => {
    const { clock, bites, dog } = watched()
    dog.busy()
    clock.late = 500
    await clock.advance(125)
    expect(bites).toEqual([])
    await clock.advance(24)
    dog.idle()
    await clock.advance(1_000)
    expect(bites).toEqual([])
  })

  test('hears what has arrived when the timer goes off', async () => {
    const { clock, bites, dog } = watched()
    clock.setTimeout(() => clock.setImmediate(() => dog.idle()), 125)
    dog.busy()
    await clock.advance(1_000)
    expect(bites).toEqual([])
  })

  test('bites also after looks in vain, though its thread is always busy', async () => {
    const { clock, bites, dog } = watched()
    dog.busy()
    clock.setTimeout(() => (clock.late = 50), 100)
    for (const at of [126, 151, 176]) clock.setTimeout(() => (clock.late += 50), at)
    await clock.advance(199)
    expect(bites).toEqual([])
    await clock.advance(1)
    expect(bites).toEqual([400])
  })

  test('is ended with its actor, even as it is about to bite', async () => {
    const { clock, bites, dog } = watched()
    clock.setTimeout(() => clock.setImmediate(() => dog.end()), 125)
    dog.busy()
    await clock.advance(1_000)
    expect(bites).toEqual([])
  })

  test('waits no longer than twice as long when the clock is set back', async () => {
    const { clock, bites, dog } = watched()
    dog.busy()
    clock.late = -3_600_000
    await clock.advance(250)
    expect(bites).toEqual([125])
  })
})
