/** Two joined sockets of this process, as a child process would have the other end of one. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SocketPair {
  readonly writer: Socket
  readonly reader: Socket
  end(): Promise<void>
}

export async function socketPair(): Promise<SocketPair> {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-'))
  const path = join(folder, 'pair')
  const server = createServer().listen(path)
  await once(server, 'listening')
  const writer = connect(path)
  const [reader] = (await once(server, 'connection')) as [Socket]
  if (writer.connecting) await once(writer, 'connect')
  server.close()
  rmSync(folder, { recursive: true })
  return {
    writer,
    reader,
    end: async () => {
      const closed = [writer, reader].filter((each) => !each.closed).map((each) => once(each, 'close'))
      writer.destroy()
      reader.destroy()
      await Promise.all(closed)
    },
  }
}
