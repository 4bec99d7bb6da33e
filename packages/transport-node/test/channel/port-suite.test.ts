/** A port keeps what every channel promises. */
import { MessageChannel } from 'node:worker_threads'
import { channelSuite } from '@troupe/core/testing'
import { PortChannel } from '@troupe/transport-node/internal'

function ports() {
  const { port1, port2 } = new MessageChannel()
  return {
    a: new PortChannel(port1, { keepsAlive: true }),
    b: new PortChannel(port2, { keepsAlive: true }),
    end: () => (port1.close(), port2.close()),
  }
}

describe('a channel over ports', () => {
  for (const { name, run } of channelSuite(ports, { ends: 'apart', moves: true })) test(name, run)
})
