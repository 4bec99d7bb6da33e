import fc from 'fast-check'
import { type ActorRef, child, createSystem, defineActor } from '@troupe/core'
import { memoryHost, memoryModule } from '../support/memory-host.js'
import { turn } from '../support/settle.js'

describe.each(['here', 'elsewhere', 'shared'] as const)('whatever is sent to a supervised actor, %s', (place) => {
  const anyStep = fc.oneof(
    { weight: 4, arbitrary: fc.constant('tell' as const) },
    { weight: 3, arbitrary: fc.constant('ask' as const) },
    { weight: 2, arbitrary: fc.constantFrom('crash' as const, 'asked crash' as const, 'kill' as const) },
    { weight: 2, arbitrary: fc.constant('turn' as const) },
  )

  test('no message is handled twice, order is kept, and every ask settles', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStep, { maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, handover) => {
          const system = createSystem({ name: 'test' })
          system.events$.subscribe(() => undefined)
          try {
            const log: number[] = []
            const definition = defineActor({
              init: () => undefined,
              on: {
                note: (_, n: number) => void log.push(n),
                async echo(_, n: number) {
                  await Promise.resolve()
                  log.push(n)
                  return n
                },
                fail() {
                  throw new Error('failed')
                },
              },
            })
            const on = place === 'shared' ? await system.launch(memoryHost()) : memoryHost()
            const options = { handover }
            const spec =
              place === 'here'
                ? child('a', definition, undefined, options)
                : child('a', memoryModule({ actor: definition }).actor, undefined, { ...options, on })
            const app = await system.supervise({ intensity: Infinity, children: [spec] })
            const ref = app.ref('a') as ActorRef<any>
            const sent: number[] = []
            const asks: Promise<unknown>[] = []
            const kills: Promise<unknown>[] = []
            let n = 0
            for (const step of steps) {
              n += 1
              if (step === 'turn') await turn()
              else if (step === 'kill') kills.push(ref.kill())
              else if (step === 'crash') ref.tell('fail')
              else if (step === 'asked crash')
                asks.push(expect(ref.ask('fail')).rejects.toMatchObject({ name: 'ActorDownError' }))
              else {
                sent.push(n)
                if (step === 'tell') expect(ref.tell('note', n)).toBe(true)
                else asks.push(answered(ref.ask('echo', n), n))
              }
            }
            await Promise.all([...asks, ...kills])
            // What is handed over is lost with its life: asked until one answers.
            while ((await ref.ask('echo', 0).catch(() => undefined)) === undefined) await turn()
            const handled = log.filter((each) => each > 0)
            expect(handled).toEqual(sent.filter((each) => log.includes(each)))
            // A kill takes what is in hand along; a crash only what it crashed at, where no more than that is handed over.
            if (!steps.includes('kill') && (place === 'here' || handover === 1)) expect(handled).toEqual(sent)
          } finally {
            await system.stop()
          }
        },
      ),
      { numRuns: 15 },
    )
  })

  /** With its number, unless its life ended meanwhile. */
  async function answered(asked: Promise<unknown>, n: number): Promise<void> {
    try {
      expect(await asked).toBe(n)
    } catch (error) {
      expect(error).toMatchObject({ name: 'ActorDownError' })
    }
  }
})
