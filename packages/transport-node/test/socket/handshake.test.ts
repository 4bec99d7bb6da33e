/** The handshake as bytes: who is let in, who is not and with which words, however the bytes are cut. */
import fc from 'fast-check'
import {
  Handshake,
  type HandshakeOptions,
  PREAMBLE_BYTES,
  PROOF_BYTES,
  type Step,
  Verdict,
} from '@troupe/transport-node/internal'

const KEY = Buffer.from('a key that both ends know')
const nonce = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')

function ends(options: { connecting?: Partial<HandshakeOptions>; listening?: Partial<HandshakeOptions> } = {}) {
  return {
    connecting: new Handshake({ role: 'connecting', key: KEY, nonce: nonce(1), peer: 'there', ...options.connecting }),
    listening: new Handshake({ role: 'listening', key: KEY, nonce: nonce(2), peer: 'someone', ...options.listening }),
  }
}

/** Hands `sent` on in pieces of the given sizes; all that is answered, and how it stands in the end. */
function hear(end: Handshake, sent: Uint8Array, sizes: readonly number[] = [sent.length]): Step {
  const answers: Uint8Array[] = []
  let step: Step = { state: 'open', send: new Uint8Array() }
  let at = 0
  for (let turn = 0; at < sent.length && step.state === 'open'; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] as number)
    step = end.push(sent.subarray(at, at + size))
    answers.push(step.send)
    at += size
  }
  const send = Buffer.concat(answers)
  if (step.state === 'done') return { ...step, send, rest: Buffer.concat([step.rest, sent.subarray(at)]) }
  return { ...step, send }
}

/** All that travels between two ends, until neither has anything to say. */
function meet({ connecting, listening }: ReturnType<typeof ends>, sizes?: readonly number[]) {
  const steps: { connecting?: Step; listening?: Step } = {}
  const wire = { toListening: [connecting.start()], toConnecting: [listening.start()] }
  for (;;) {
    const said = wire.toListening.shift()
    if (said !== undefined && said.length > 0) {
      if (steps.listening !== undefined && steps.listening.state !== 'open') break
      steps.listening = hear(listening, said, sizes)
      wire.toConnecting.push(steps.listening.send)
      continue
    }
    const answer = wire.toConnecting.shift()
    if (answer === undefined || (steps.connecting !== undefined && steps.connecting.state !== 'open')) break
    if (answer.length === 0) continue
    steps.connecting = hear(connecting, answer, sizes)
    wire.toListening.push(steps.connecting.send)
  }
  return steps
}

const refusal = (step: Step | undefined): { code: string; message: string } => {
  if (step?.state !== 'refused') throw new Error(`Expected a refusal, got ${step?.state}`)
  return step.error
}

describe('two ends', () => {
  test.each([
    ['with the same key', KEY],
    ['that both have none', undefined],
  ])('%s meet', (_, key) => {
    const met = meet(ends({ connecting: { key }, listening: { key } }))
    expect(met.connecting?.state).toBe('done')
    expect(met.listening?.state).toBe('done')
  })

  test('meet however their bytes are cut', () => {
    const key = fc.option(fc.uint8Array({ minLength: 1, maxLength: 100 }), { nil: undefined })
    const sizes = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(key, sizes, (same, cut) => {
        const met = meet(ends({ connecting: { key: same }, listening: { key: same } }), cut)
        expect([met.connecting?.state, met.listening?.state]).toEqual(['done', 'done'])
      }),
    )
  })

  test('with different keys do not, and both say so', () => {
    const met = meet(ends({ connecting: { key: bytes('another') } }))
    for (const step of [met.connecting, met.listening]) {
      expect(refusal(step)).toMatchObject({ code: 'ERR_AUTHENTICATION' })
      expect(refusal(step).message).toContain('the keys of the two ends differ')
    }
    expect(met.listening?.send.at(-1)).toBe(Verdict.wrongKey)
  })

  test.each([
    ['connecting', 'it asks for a key, and this end has none', 'this end asks for a key, and the other has none'],
    ['listening', 'this end asks for a key, and the other has none', 'it asks for a key, and this end has none'],
  ] as const)('of which only one has a key, not the %s one, do not meet, and both say so', (without, mine, other) => {
    const met = meet(ends({ [without]: { key: undefined } }))
    expect(refusal(met.connecting)).toMatchObject({ code: 'ERR_AUTHENTICATION' })
    expect(refusal(met.listening)).toMatchObject({ code: 'ERR_AUTHENTICATION' })
    expect(refusal(met.connecting).message).toContain(mine)
    expect(refusal(met.listening).message).toContain(other)
  })

  test('that are not at the two ends of one secured connection do not meet', () => {
    const met = meet(ends({ connecting: { binding: bytes('mine') }, listening: { binding: bytes('yours') } }))
    expect(refusal(met.listening)).toMatchObject({ code: 'ERR_AUTHENTICATION' })
  })

  test('of two versions do not meet, and both name them', () => {
    const { connecting, listening } = ends()
    const newer = Buffer.from(connecting.start())
    newer[6] = 2
    const step = hear(listening, newer)
    expect(refusal(step)).toMatchObject({ code: 'ERR_PROTOCOL' })
    expect(refusal(step).message).toContain('it speaks version 2 of the handshake, we speak 1')
    // The newer end reads our preamble, and a verdict behind it.
    expect(step.send).toHaveLength(PREAMBLE_BYTES + 1)
    expect(step.send.at(-1)).toBe(Verdict.otherVersion)
    const answer = Buffer.from(step.send)
    answer[6] = 9
    expect(refusal(hear(connecting, answer)).message).toContain('it speaks version 9 of the handshake, we speak 1')
  })
})

describe('a stranger', () => {
  test.each(['GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'SSH-2.0-OpenSSH_9.6\r\n', '\u0016\u0003\u0001\u0002\0', 'trouble'])(
    'that says %j is refused at its first wrong byte, without an answer',
    (text) => {
      for (const end of Object.values(ends())) {
        const step = hear(end, bytes(text), [1])
        expect(refusal(step)).toMatchObject({ code: 'ERR_PROTOCOL' })
        expect(refusal(step).message).toContain('it does not speak Troupe')
        expect(step.send).toHaveLength(0)
      }
    },
  )

  test('that says anything at all is not let in, and is told nothing', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 120, maxLength: 400 }), fc.boolean(), sizes, (said, politely, cut) => {
        const { connecting, listening } = ends()
        const step = hear(listening, politely ? Buffer.concat([connecting.start(), said]) : said, cut)
        expect(step.state).toBe('refused')
        // At most our preamble and one byte: never a proof.
        expect(step.send.length).toBeLessThanOrEqual(PREAMBLE_BYTES + 1)
      }),
    )
  })

  test('that goes on before it was answered is refused at once', () => {
    const { connecting, listening } = ends()
    const step = hear(listening, Buffer.concat([connecting.start(), new Uint8Array(1)]))
    expect(refusal(step).message).toContain('it went on before it was answered')
  })

  test('that sends back what we send is refused, with and without a key', () => {
    for (const key of [KEY, undefined]) {
      const { connecting } = ends({ connecting: { key } })
      expect(refusal(hear(connecting, connecting.start())).message).toContain('it sends back what we sent')
    }
  })

  test('that ends early is told from one that never spoke', () => {
    const { connecting, listening } = ends()
    expect(listening.ended().message).toContain('it closed the connection without a word')
    listening.push(connecting.start().subarray(0, 3))
    expect(listening.ended().message).toContain('it closed the connection amid the handshake')
  })
})

describe('a proof', () => {
  /** A whole meeting, as somebody who listens in sees it. */
  function overheard() {
    const { connecting, listening } = ends()
    const preamble = connecting.start()
    const challenge = listening.push(preamble).send
    const proof = connecting.push(challenge).send
    return { preamble, challenge, proof, welcome: listening.push(proof).send }
  }

  test('that was overheard is worth nothing in another meeting', () => {
    const { preamble, challenge, proof, welcome } = overheard()
    const again = ends({ listening: { nonce: nonce(7) }, connecting: { nonce: nonce(8) } })
    again.listening.push(preamble)
    expect(refusal(again.listening.push(proof)).message).toContain('keys of the two ends differ')
    again.connecting.push(challenge)
    expect(refusal(again.connecting.push(welcome)).message).toContain('keys of the two ends differ')
  })

  test('cannot be had from one end to be sent back to it', () => {
    // The attacker knows no key: it listens to a connecting end, and sends that end its own proof as the welcome.
    const { connecting, listening } = ends()
    const proof = connecting.push(listening.push(connecting.start()).send).send
    expect(proof).toHaveLength(PROOF_BYTES)
    const reflected = Buffer.concat([Uint8Array.of(Verdict.welcome), proof])
    expect(refusal(connecting.push(reflected))).toMatchObject({ code: 'ERR_AUTHENTICATION' })
  })

  test('cannot be had from one connection to be used in another at the same time', () => {
    // It connects twice, and hands the second the challenge of the first; a listening end proves nothing before.
    const first = ends().listening
    const second = ends({ listening: { nonce: nonce(3) } }).listening
    const { connecting } = ends()
    const challenge = first.push(connecting.start()).send
    expect(second.push(challenge)).toMatchObject({ state: 'open', send: { length: PREAMBLE_BYTES } })
  })

  test('with any byte changed is refused', () => {
    fc.assert(
      fc.property(fc.nat(PROOF_BYTES - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const { connecting, listening } = ends()
        const proof = Buffer.from(connecting.push(listening.push(connecting.start()).send).send)
        proof[at] = (proof[at] as number) ^ change
        expect(listening.push(proof).state).toBe('refused')
      }),
    )
  })

  test('holds for what was said before it: nothing of a preamble can be changed on the way', () => {
    fc.assert(
      fc.property(fc.nat(PREAMBLE_BYTES - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, change, theirs) => {
        const { connecting, listening } = ends()
        const tamper = (said: Uint8Array): Uint8Array => {
          const changed = Buffer.from(said)
          changed[at] = (changed[at] as number) ^ change
          return changed
        }
        const first = listening.push(theirs ? connecting.start() : tamper(connecting.start()))
        if (first.state === 'refused') return
        const second = connecting.push(theirs ? tamper(first.send) : first.send)
        if (second.state === 'refused') return
        expect(listening.push(second.send).state).toBe('refused')
      }),
    )
  })
})

test('what follows the handshake in the same chunk is kept for the channel, at either end', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }),
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }),
      (more, cut) => {
        const { connecting, listening } = ends()
        const proof = connecting.push(listening.push(connecting.start()).send).send
        const there = hear(listening, Buffer.concat([proof, more]), cut)
        expect(there).toMatchObject({ state: 'done', rest: Buffer.from(more) })
        const here = hear(connecting, Buffer.concat([there.send, more]), cut)
        expect(here).toMatchObject({ state: 'done', rest: Buffer.from(more) })
      },
    ),
  )
})

test('the bytes on the wire are those that the documents show', () => {
  const { connecting, listening } = ends()
  const preamble = connecting.start()
  expect(Buffer.from(preamble).toString('hex')).toBe(`74726f7570650101${'01'.repeat(32)}`)
  const challenge = listening.push(preamble).send
  expect([challenge.length, connecting.push(challenge).send.length]).toEqual([40, 32])
  expect(listening.start()).toHaveLength(0)
})
