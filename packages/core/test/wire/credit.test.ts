import fc from 'fast-check'
import { creditFrame, FrameDecoder, Kind, payloadOf, readGrants } from '@troupe/core/internal'

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })

describe('credit', () => {
  test('grants arrive as they were given: triples of actor, messages, bytes, 4 bytes each', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ actor: uint32, messages: uint32, bytes: uint32 }), { maxLength: 9 }),
        (grants) => {
          let seen = 0
          new FrameDecoder((frame) => {
            seen += 1
            expect(frame).toMatchObject({ kind: Kind.credit, origin: 3, destination: 4 })
            expect(payloadOf(frame).length).toBe(grants.length * 12)
            expect([...readGrants(payloadOf(frame))]).toEqual(grants)
          }).push(creditFrame(3, 4, grants))
          expect(seen).toBe(1)
        },
      ),
    )
  })

  test('the rest of a triple that was cut is no grant', () => {
    const [grant] = readGrants(new Uint8Array(12 + 11).fill(1))
    expect([...readGrants(new Uint8Array(12 + 11).fill(1))]).toEqual([grant])
  })
})
