import { channel } from 'node:diagnostics_channel'
import { diagnosticsChannel } from '@troupe/core/internal'

test('a channel is the one that node:diagnostics_channel has under that name', () => {
  expect(diagnosticsChannel('troupe:actor:spawn')).toBe(channel('troupe:actor:spawn'))
})

test('where the runtime has no such module, a channel never has subscribers', () => {
  const given = process.getBuiltinModule
  try {
    Object.assign(process, { getBuiltinModule: undefined })
    const silent = diagnosticsChannel('troupe:actor:spawn')
    expect(silent.hasSubscribers).toBe(false)
    expect(silent.publish({})).toBeUndefined()
  } finally {
    Object.assign(process, { getBuiltinModule: given })
  }
})
