import { Writable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { createProgress } from '../../dist/census/progress.js'

function screenWith(properties: { isTTY?: boolean; columns?: number }) {
  const written: string[] = []
  const write = (chunk: Buffer, _: string, done: () => void) => (written.push(chunk.toString()), done())
  return { screen: Object.assign(new Writable({ write }), properties), text: () => written.join('') }
}

describe('progress', () => {
  test('is whole lines where there is no terminal', () => {
    const { screen, text } = screenWith({})
    const progress = createProgress('2 workers', 2, screen)
    progress.advance()
    progress.note('worker 1 crashed')
    progress.advance()
    progress.end()
    expect(text()).toMatch(/^worker 1 crashed\n2 workers: 2 of 2 files, [\d,]+ files\/s\n$/)
  })

  test('does not write a line for each file', () => {
    const { screen, text } = screenWith({})
    const progress = createProgress('2 workers', 9_000, screen)
    for (let done = 0; done < 9_000; done++) progress.advance()
    expect(text()).toBe('')
  })

  test('is a bar on a terminal, below the lines that stay', () => {
    const { screen, text } = screenWith({ isTTY: true, columns: 90 })
    const progress = createProgress('2 workers', 2, screen)
    progress.advance()
    progress.note('worker 1 crashed')
    progress.advance()
    progress.end()
    const [, ...redrawn] = text().split('\r')
    expect(redrawn[0]).toContain(' 50%  1/2 files')
    expect(redrawn[1]).toBe('worker 1 crashed\x1b[K\n')
    expect(redrawn.at(-1)).toContain('100%  2/2 files')
    expect(redrawn.at(-1)).toMatch(/\[K\n$/)
  })
})
