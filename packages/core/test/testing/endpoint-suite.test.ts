/** Endpoints in memory keep what every endpoint promises. */
import { endpointSuite } from '@troupe/core/testing'
import { intrude, memoryEndpoint, silentEndpoint } from '../support/memory-endpoint.js'

describe('an endpoint in memory', () => {
  let next = 0
  const make = () => ({ endpoint: memoryEndpoint(`memory:${next++}`) })
  const options = {
    ends: 'apart',
    intrude: ({ label }: { label: string }) => intrude(label),
    silent: () => silentEndpoint(`silent:${next++}`),
  } as const
  for (const { name, run } of endpointSuite(make, options)) test(name, run)
})
