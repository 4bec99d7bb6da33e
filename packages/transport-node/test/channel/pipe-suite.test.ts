/** A pipe keeps what every channel promises. */
import { channelSuite } from '@troupe/core/testing'
import { PipeChannel } from '@troupe/transport-node/internal'
import { socketPair } from '../support/socket-pair.js'

async function pipes() {
  const [down, up] = await Promise.all([socketPair(), socketPair()])
  const a = new PipeChannel(up.reader, down.writer)
  const b = new PipeChannel(down.reader, up.writer)
  return { a, b, down, end: () => Promise.all([down.end(), up.end()]).then(() => undefined) }
}

const deafen = (ends: object): void => void (ends as Awaited<ReturnType<typeof pipes>>).down.reader.destroy()

describe('a channel over pipes', () => {
  for (const { name, run } of channelSuite(pipes, { deafen })) test(name, run)
})
