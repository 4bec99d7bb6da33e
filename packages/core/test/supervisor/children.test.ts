import { Child, type ChildPlan, ChildTable, Lane, type Target } from '@troupe/core/internal'

const child = (key: string): Child => {
  const incarnations = { handle: {}, start: async () => undefined, close: () => undefined, end: () => undefined }
  const plan: ChildPlan = {
    ...{ key, id: key, type: 'worker', restart: 'permanent', shutdown: 5_000, significant: false },
    incarnations,
  }
  return new Child(plan, new Lane())
}

const life = (actor: number, incarnation = 0): Target => ({ address: { host: 1, actor, incarnation } }) as Target

const keys = (children: readonly Child[]): string[] => children.map(({ plan }) => plan.key)

describe('the table of children', () => {
  test('stops in the reverse of the order of start', () => {
    const table = new ChildTable()
    for (const key of ['a', 'b', 'c']) table.add(child(key))
    table.delete(table.get('b') as Child)
    table.add(child('b'))
    expect(keys(table.inStartOrder())).toEqual(['a', 'c', 'b'])
    expect(keys(table.inStopOrder())).toEqual(['b', 'c', 'a'])
    // Asking for one order leaves the other as it was.
    expect(keys(table.inStartOrder())).toEqual(['a', 'c', 'b'])
    expect(table.size).toBe(3)
  })

  test('finds a child by its life, and only while it lives', () => {
    const table = new ChildTable()
    const a = child('a')
    table.add(a)
    expect(table.living('1.7')).toBeUndefined()
    table.live(a, life(7))
    expect(table.living('1.7')).toBe(a)
    table.die(a)
    expect([table.living('1.7'), a.life]).toEqual([undefined, undefined])
    table.live(a, life(8, 1))
    expect([table.living('1.7'), table.living('1.8')]).toEqual([undefined, a])
    expect(table.get('a')).toBe(a)
  })

  test('one that died before it lived changes nothing', () => {
    const table = new ChildTable()
    const a = child('a')
    table.add(a)
    table.die(a)
    expect(keys(table.inStartOrder())).toEqual(['a'])
  })

  test('forgets the one that was meant, not another of its id that came later', () => {
    const table = new ChildTable()
    const [old, young] = [child('a'), child('a')]
    table.add(old)
    table.delete(old)
    table.add(young)
    table.delete(old)
    expect([table.has(old), table.has(young), table.get('a')]).toEqual([false, true, young])
  })
})
