import { type ChildSpec, ChildTable } from '@troupe/core/internal'

const spec = (id: string): ChildSpec<string> => ({
  id,
  restart: 'permanent',
  shutdown: 5_000,
  start: () => Promise.resolve(id),
})

describe('the table of children', () => {
  test('stops in the reverse of the order of start', () => {
    const table = new ChildTable<string>()
    for (const id of ['a', 'b', 'c']) table.add(spec(id))
    table.delete('b')
    table.add(spec('b'))
    expect(table.inStartOrder().map((child) => child.spec.id)).toEqual(['a', 'c', 'b'])
    expect(table.inStopOrder().map((child) => child.spec.id)).toEqual(['b', 'c', 'a'])
    // Asking for one order leaves the other as it was.
    expect(table.inStartOrder().map((child) => child.spec.id)).toEqual(['a', 'c', 'b'])
  })

  test('finds a child by what it runs as, and only while it runs', () => {
    const table = new ChildTable<string>()
    const child = table.add(spec('a'))
    expect(table.find((ref) => ref === 'ref')).toBeUndefined()
    child.state = { phase: 'running', ref: 'ref' }
    expect(table.find((ref) => ref === 'ref')).toBe(child)
    child.state = { phase: 'down' }
    expect(table.find((ref) => ref === 'ref')).toBeUndefined()
    expect(table.get('a')).toBe(child)
  })
})
