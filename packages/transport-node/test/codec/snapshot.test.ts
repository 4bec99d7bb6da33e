import { snapshot, snapshotOfEach } from '@troupe/transport-node/internal'

const of = (value: unknown): any => snapshot(value, 'The value', 'value')
const ofEach = (...args: unknown[]): any[] => [...snapshotOfEach(args, 'What is given', 'args')]

test('plain values are themselves, bytes are copied with their class, all else as it would arrive', () => {
  for (const value of [1, 'text', null, undefined, true, 5n]) expect(of(value)).toBe(value)
  const bytes = Uint8Array.of(1, 2, 3)
  const buffer = Buffer.from('abc')
  const list = [{ a: 1 }]
  const [copy, other, copied] = ofEach(bytes, buffer, list)
  bytes[0] = buffer[0] = 9
  list.push({ a: 2 })
  expect([...copy]).toEqual([1, 2, 3])
  expect(copy.constructor).toBe(Uint8Array)
  expect(other.toString()).toBe('abc')
  expect(copied).toEqual([{ a: 1 }])
  expect([...of(bytes)]).toEqual([9, 2, 3])
  expect(of(bytes)).not.toBe(bytes)
})

test('a part of a larger buffer becomes that part alone', () => {
  const whole = new Uint8Array(64)
  const copy = of(whole.subarray(8, 12))
  expect(copy.byteLength).toBe(4)
  expect(copy.buffer.byteLength).toBe(4)
})

test('what is no data is refused with its path, also beside bytes', () => {
  expect(() => of({ a: [() => 1] })).toThrow('value.a[0] is a function')
  expect(() => ofEach(Uint8Array.of(1), { a: Symbol('s') })).toThrow('args[1].a is a symbol')
  expect(() => of(() => 1)).toThrow('value is a function')
})
