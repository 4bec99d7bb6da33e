import { EndOfStreamError } from '@troupe/core'
import type { PipeReader } from '@troupe/transport-node'

export async function receive(output: PipeReader<number>): Promise<void> {
  try {
    for (;;) console.log('Recv:', await output.recv())
  } catch (error) {
    if (!(error instanceof EndOfStreamError)) throw error
    console.log('RECV end')
  }
}
