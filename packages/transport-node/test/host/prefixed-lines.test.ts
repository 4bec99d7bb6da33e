/** Whole lines behind their label, however the bytes come. */
import { PrefixedLines } from '@troupe/transport-node/internal'
import fc from 'fast-check'

const all = (lines: PrefixedLines, chunks: readonly Buffer[]): Buffer[] => [
  ...chunks.map((chunk) => lines.add(chunk)),
  lines.end(),
]

test('lines come whole, in order, each behind the label, wherever their bytes are cut', () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll('\n', ''))
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), fc.array(fc.nat(60)), (texts, ended, at) => {
      const bytes = Buffer.from(texts.join('\n') + (ended ? '\n' : ''))
      const cuts = [0, ...at.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]
      const chunks = cuts.slice(1).map((cut, index) => bytes.subarray(cuts[index], cut))
      const written = all(new PrefixedLines('ä 1'), chunks)
      // Nothing of a line before it is whole.
      for (const each of written) expect(each.length === 0 || each.at(-1) === 10).toBe(true)
      const expected = bytes.toString().split('\n')
      if (expected.at(-1) === '') expected.pop()
      expect(Buffer.concat(written).toString()).toBe(expected.map((text) => `[ä 1] ${text}\n`).join(''))
    }),
  )
})

test('what is kept of a line without end is bounded: it is cut', () => {
  const lines = new PrefixedLines('x')
  const chunk = Buffer.alloc(65_536, 'a')
  const written = Array.from({ length: 33 }, () => lines.add(chunk))
  expect(written.filter((each) => each.length > 0).map((each) => each.length)).toEqual([1_048_581, 1_048_581])
  expect(lines.end().length).toBe(65_541)
})
