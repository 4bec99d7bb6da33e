/** Compiled only: what the compiler must accept, refuse and infer of processes, pipes, queues and locks. */
import {
  type Connection,
  connect,
  createBarrier,
  createJoinableQueue,
  createLock,
  createPipe,
  createQueue,
  type JoinableQueue,
  type Lease,
  listen,
  type Permit,
  type PipeReader,
  type PipeWriter,
  type Process,
  type ProcessEnd,
  type Queue,
  remote,
  select,
  startProcess,
  workerThread,
} from '@troupe/transport-node'

const tasks = remote<typeof import('./tasks.js')>(new URL('./tasks.js', import.meta.url))

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
declare function same<A, B>(is: Same<A, B>): void

export async function processes(): Promise<void> {
  const queue = createQueue<string>({ capacity: 100 })
  const process = startProcess(tasks.produce, ['send1', queue], { name: 'a', daemon: true, on: workerThread() })
  same<typeof process, Process>(true)
  const end = await process.join({ timeout: 5 })
  same<typeof end, ProcessEnd>(true)
  startProcess(tasks.nothing, [])

  // @ts-expect-error a name that the module does not have
  startProcess(tasks.prodce, ['send1', queue])
  // @ts-expect-error an argument of the wrong type
  startProcess(tasks.produce, [1, queue])
  // @ts-expect-error a queue of other items
  startProcess(tasks.produce, ['send1', createQueue<number>()])
  // @ts-expect-error too few
  startProcess(tasks.produce, ['send1'])
  // @ts-expect-error no list
  startProcess(tasks.nothing)
  // @ts-expect-error a closure
  startProcess(() => 1, [])
  // @ts-expect-error a generator
  startProcess(tasks.lines, [])
  // @ts-expect-error an option that nobody knows
  startProcess(tasks.nothing, [], { nam: 'a' })
}

export async function pipes(): Promise<void> {
  const [a, b] = createPipe<string, number>()
  same<typeof a, Connection<string, number>>(true)
  same<typeof b, Connection<number, string>>(true)
  await a.send('x')
  const got = await a.recv()
  same<typeof got, number>(true)
  for await (const text of b) same<typeof text, string>(true)
  // @ts-expect-error the other direction
  await a.send(1)
  // @ts-expect-error the other direction
  b.trySend('x')

  const [reader, writer] = createPipe<Date>({ duplex: false })
  same<typeof reader, PipeReader<Date>>(true)
  same<typeof writer, PipeWriter<Date>>(true)
  await writer.send(new Date())
  const date = await reader.recv({ timeout: 5 })
  same<typeof date, Date>(true)
  // @ts-expect-error this end only receives
  await reader.send(new Date())
  // @ts-expect-error this end only receives
  await reader.sendBytes(new Uint8Array())
  // @ts-expect-error this end only sends
  await writer.recv()
  // @ts-expect-error this end only sends
  await writer.poll(5)
  // @ts-expect-error this end only sends
  void writer[Symbol.asyncIterator]
  // @ts-expect-error a message of another type
  await writer.send('today')

  startProcess(tasks.read, [reader])
  // @ts-expect-error the end of the wrong direction
  startProcess(tasks.read, [writer])
  // A connection is both.
  startProcess(tasks.readText, [b])

  const ready = await select([a, reader, startProcess(tasks.nothing, [])])
  same<(typeof ready)[number], Connection<string, number> | PipeReader<Date> | Process>(true)
  // @ts-expect-error a queue is got from, not waited for
  await select([createQueue()])
}

export async function connections(): Promise<void> {
  const listener = await listen<string, number>({ path: 'app.sock' })
  const one = await listener.accept()
  same<typeof one, Connection<string, number>>(true)
  const other = await connect<number, string>({ host: '127.0.0.1', port: 1, authKey: 'secret' })
  same<typeof other, Connection<number, string>>(true)
  // @ts-expect-error no address
  await listen({})
}

export async function queues(): Promise<void> {
  const queue = createQueue<number>()
  same<typeof queue, Queue<number>>(true)
  await queue.put(1, { timeout: 5 })
  const got = await queue.get()
  same<typeof got, number>(true)
  // @ts-expect-error an item of another type
  await queue.put('1')
  // @ts-expect-error only of a joinable queue
  await queue.taskDone()
  // @ts-expect-error a queue of numbers takes no texts
  const texts: Queue<number | string> = queue
  void texts

  const joinable = createJoinableQueue<number>({ onConsumerCrash: 'done' })
  same<typeof joinable, JoinableQueue<number>>(true)
  const lease = await joinable.lease()
  same<typeof lease, Lease<number>>(true)
  // @ts-expect-error there are two ways
  createJoinableQueue({ onConsumerCrash: 'drop' })
}

export async function locks(): Promise<void> {
  const permit = await createLock().acquire({ timeout: 5 })
  same<typeof permit, Permit>(true)
  const index = await createBarrier(2).wait()
  same<typeof index, number>(true)
  // @ts-expect-error how many parties
  createBarrier()
}
