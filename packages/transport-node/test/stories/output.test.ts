/** Where the output of a process goes: to ours as it is, to ours line by line, or to whoever holds its host. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { buffer, text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { ActorRef, Host, System } from '@troupe/core'
import { createProbe } from '@troupe/core/testing'
import { childProcess, remote, workerThread } from '@troupe/transport-node'
import { actors, failureOf, stopSystems, testSystem, within } from './support.js'

const output = remote<typeof import('../fixtures/output.js')>(new URL('../fixtures/output.js', import.meta.url))
const PROGRAM = fileURLToPath(new URL('../fixtures/output-program.js', import.meta.url))

afterEach(stopSystems)

async function run(mode: string): Promise<{ code: number; out: string[]; err: string[] }> {
  const child = spawn(process.execPath, [PROGRAM, mode], { stdio: ['ignore', 'pipe', 'pipe'] })
  const read = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  const [out, err, [code]] = await within(10_000, read)
  return { code: code as number, out: out.split('\n'), err: err.split('\n') }
}

const numbered = (what: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${what} ${at}`)

describe('prefixed output', () => {
  test('is whole lines, however they were written; stderr is apart, and a program that ends loses none of them', async () => {
    const { code, out, err } = await run('pieces')
    expect(code).toBe(0)
    expect([...out].sort()).toEqual(['', '[a] one', '[a] zwölf', '[a] €uro', '[b] last'].sort())
    expect(out.filter((line) => line.startsWith('[a]'))).toEqual(['[a] one', '[a] zwölf', '[a] €uro'])
    expect(err).toEqual(['[b] oh', ''])
  })

  test('of a process that writes and exits at once is all there', async () => {
    const { code, out, err } = await run('exit')
    expect(code).toBe(0)
    expect(out).toEqual([...numbered('[w] out', 3_000), '[w] no end', ''])
    expect(err.filter((line) => !line.startsWith('[w]'))).toEqual(['{"type":"exit","code":3}', ''])
    expect(err.filter((line) => line.startsWith('[w]'))).toEqual(numbered('[w] err', 3_000))
  })
})

describe('piped output', () => {
  async function launched(): Promise<{ system: System; host: Host; writer: ActorRef<any> }> {
    const { system } = testSystem()
    const host = await system.launch(childProcess({ stdio: 'pipe' }))
    return { system, host, writer: await system.spawn(output.writer, undefined, { on: host }) }
  }

  test('is what the process writes, byte by byte, and ends with it', async () => {
    const { host, writer } = await launched()
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    const read = Promise.all([buffer(host.stdout!), buffer(host.stderr!)])
    await writer.ask('write', { to: 'stdout', bytes, cuts: [100] })
    await writer.ask('write', { to: 'stderr', bytes: bytes.subarray(7) })
    await host.stop()
    expect(await within(1_000, read)).toEqual([bytes, bytes.subarray(7)])
  })

  test('of a process that is gone can still be read, and keeps no program alive that does not', async () => {
    const { code, err } = await run('piped')
    expect(code).toBe(0)
    const bytes = [...numbered('out', 3_000), 'no end'].join('\n').length
    expect(JSON.parse(err[0] as string)).toEqual({
      type: 'exit',
      code: 3,
      stdout: bytes,
      stderr: bytes - 'no end'.length,
    })
  })

  test('that nobody reads makes the process wait, until somebody does', async () => {
    const { system, host, writer } = await launched()
    const probe = await createProbe<string>(system)
    writer.tell('fill', { bytes: 4 * 1_048_576, to: probe.ref })
    expect(await probe.next()).toBe('writes')
    expect(await failureOf(writer.ask('console', 'x', { timeout: 200 }))).toMatchObject({ code: 'ERR_TIMEOUT' })
    expect(probe.received).toEqual(['writes'])
    const read = buffer(host.stdout!)
    expect(await probe.next()).toBe('has written')
    await host.stop()
    expect((await read).length).toBe(4 * 1_048_576)
  })

  test('that nobody reads does not hold up the end of the process, nor the news of it', async () => {
    const { system, host, writer } = await launched()
    const probe = await createProbe<string>(system)
    writer.tell('fill', { bytes: 4 * 1_048_576, to: probe.ref })
    await probe.next()
    expect(await within(1_000, host.kill())).toEqual({ type: 'killed' })
    expect(await writer.exited).toEqual({ type: 'killed' })
  })

  test('whose reader has left is dropped, and the process goes on', async () => {
    const { system, host, writer } = await launched()
    writer.tell('console', 'first')
    for await (const chunk of host.stdout!) {
      expect(String(chunk)).toBe('first\n')
      break
    }
    const probe = await createProbe<string>(system)
    await writer.ask('fill', { bytes: 4 * 1_048_576, to: probe.ref })
    expect(probe.received).toEqual(['writes', 'has written'])
    expect(await host.stop()).toEqual({ type: 'shutdown' })
  })

  test('is there for launched processes that were started so, and refused where nobody could read it', async () => {
    const { system } = testSystem()
    const on = childProcess({ stdio: 'pipe' })
    const failure = await failureOf(system.spawn(actors.counter, { start: 1 }, { name: 'c', on }))
    expect(failure).toBeInstanceOf(TypeError)
    expect(failure.message).toContain('system.launch')
    const others = [childProcess({ stdio: 'prefix' }), childProcess(), workerThread()]
    for (const host of await Promise.all(others.map((each) => system.launch(each)))) {
      expect(host.stdout).toBeUndefined()
      expect(host.stderr).toBeUndefined()
    }
  })
})
