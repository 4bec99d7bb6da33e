import { processRecord } from '@troupe/core/internal'
import { mustNotMultiply } from '@troupe/transport-node/internal'

test.each([
  ['a process for one', true, undefined, ['sole', 'shared']],
  ['a process for several', true, true, ['shared']],
  ['a main program', false, undefined, []],
] as const)('while a module is evaluated %s refuses what would multiply', (_, child, shared, refused) => {
  const record = processRecord()
  const before = { load: record.load, shared: record.shared }
  Object.assign(record, { load: child ? async () => undefined : undefined, shared })
  record.evaluating.add('file:///m.js')
  try {
    for (const use of ['sole', 'shared'] as const) {
      const act = (): void => mustNotMultiply(use)
      if ((refused as readonly string[]).includes(use)) expect(act).toThrow('m.js starts a process')
      else expect(act).not.toThrow()
    }
  } finally {
    record.evaluating.clear()
    Object.assign(record, before)
  }
})
