/** Connections between processes that did not start each other. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect, listen } from '@troupe/transport-node'
import { within } from './support.js'

const folder = mkdtempSync(join(tmpdir(), 'troupe-listen-'))

afterAll(() => rmSync(folder, { recursive: true }))

test('a program connects and talks; its end is the end of file, and the program ends by itself', async () => {
  const path = join(folder, 'program.sock')
  const listener = await listen<number>({ path })
  const program = spawn(process.execPath, [fileURLToPath(new URL('../fixtures/connects.js', import.meta.url)), path], {
    stdio: 'inherit',
  })
  const exited = once(program, 'exit')
  const connection = await within(10_000, listener.accept())
  await listener.close()
  for (const value of [1, 2]) await connection.send(value)
  expect([await connection.recv(), await connection.recv()]).toEqual([2, 4])
  connection.close()
  expect(await within(5_000, exited)).toEqual([0, null])
  await expect(listener.accept()).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' })
  for await (const late of listener) late.close()
  await expect(connect({ path })).rejects.toMatchObject({ code: 'ENOENT' })
})

test('over TCP each side proves that it knows the key', async () => {
  const listener = await listen<string>({ host: '127.0.0.1', port: 0, authKey: 'the right key' })
  const address = { host: '127.0.0.1', port: listener.port as number }
  await expect(connect({ ...address, authKey: 'a wrong one' })).rejects.toMatchObject({ code: 'ERR_AUTHENTICATION' })
  await expect(listener.accept({ timeout: 1 })).rejects.toMatchObject({ code: 'ERR_QUEUE_EMPTY' })
  const mine = await connect<string>({ ...address, authKey: 'the right key' })
  const theirs = await listener.accept()
  await theirs.send('hello')
  theirs.close()
  expect(await mine.recv()).toBe('hello')
  await expect(mine.recv()).rejects.toMatchObject({ code: 'ERR_END_OF_STREAM' })
  mine.close()
  await listener.close()
})
