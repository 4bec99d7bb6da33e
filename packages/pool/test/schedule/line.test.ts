import fc from 'fast-check'
import { Call, type Work } from '../../dist/call/work.js'
import { goesBefore, Line } from '../../dist/schedule/line.js'

const name = { url: 'file:///tasks.js', export: 'square' }
const none = { value: () => undefined, error: () => undefined }

function work(priority: number, order: number): Work {
  const call = new Call(name, [order], { priority }, none)
  call.order = order
  return call
}

/** As simple as can be: a list that is sorted. */
class Model {
  works: Work[] = []

  sort(): void {
    this.works = this.works
      .map((each, index) => ({ each, index }))
      .sort((a, b) => b.each.priority - a.each.priority || a.index - b.index)
      .map(({ each }) => each)
  }
}

test('gives the highest priority first and keeps the order within one, whatever is taken out or put back', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('push' as const), priority: fc.integer({ min: -2, max: 2 }) }),
    fc.record({ kind: fc.constant('putBack' as const) }),
    fc.record({ kind: fc.constant('shift' as const) }),
    fc.record({ kind: fc.constant('remove' as const), pick: fc.nat() }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const line = new Line()
      const model = new Model()
      const out: Work[] = []
      let order = 0
      for (const each of steps) {
        if (each.kind === 'push') {
          const one = work(each.priority, (order += 1))
          line.push(one)
          model.works.push(one)
        } else if (each.kind === 'putBack') {
          const one = out.pop()
          if (one === undefined) continue
          line.putBack(one)
          model.works.unshift(one)
        } else if (each.kind === 'shift') {
          const one = line.shift()
          expect(one).toBe(model.works.shift())
          if (one !== undefined) out.push(one)
        } else if (model.works.length > 0) {
          const [one] = model.works.splice(each.pick % model.works.length, 1)
          expect(line.remove(one as Work)).toBe(true)
          expect(line.remove(one as Work)).toBe(false)
        }
        model.sort()
        expect(line.length).toBe(model.works.length)
        expect(line.first).toBe(model.works[0])
      }
    }),
  )
})

test('of two lines the one with the higher priority goes first, then the one that came first', () => {
  expect(goesBefore(work(0, 1), undefined)).toBe(true)
  expect(goesBefore(work(0, 1), work(0, 2))).toBe(true)
  expect(goesBefore(work(0, 2), work(0, 1))).toBe(false)
  expect(goesBefore(work(1, 2), work(0, 1))).toBe(true)
})
