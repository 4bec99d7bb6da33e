import { describe, expect, test } from '@jest/globals'
import { lex } from '../../dist/census/lex.js'

const names = (text: string, jsx = false) => Object.fromEntries(lex(text, jsx).identifiers)

describe('lex', () => {
  test('counts tokens, but neither white space, line ends nor comments', () => {
    expect(lex('const a = 1 // one\n/* two */ a++\n', false).tokens).toBe(6)
  })

  test('counts each use of a name, of private and property names too', () => {
    expect(names('class A { #b = a.b; c() { return this.#b + a } }')).toEqual({ A: 1, '#b': 2, a: 2, b: 1, c: 1 })
  })

  test('takes no reserved word for a name', () => {
    expect(names('if (true) return null; else throw new Error(typeof x)')).toEqual({ Error: 1, x: 1 })
  })

  test('finds nothing in strings and regular expressions, but looks into templates', () => {
    expect(names("'a b'; /c d/; `e ${f} g`")).toEqual({ f: 1 })
  })

  test('reads JSX only when told to', () => {
    expect(names("<Menu title={name}>it's a b</Menu>", true)).toEqual({ Menu: 2, title: 1, name: 1 })
  })

  test('survives names that every object has', () => {
    expect([...lex('constructor; __proto__; toString', false).identifiers.keys()]).toHaveLength(3)
  })

  test('gives the same code to texts that differ in layout and comments only', () => {
    const { code } = lex('let a = 1', false)
    expect(code).toMatch(/^[0-9a-f]{64}$/)
    expect(lex('// first\nlet  a =\n  1', false).code).toBe(code)
    expect(lex('let a = 2', false).code).not.toBe(code)
  })

  test('gives no code to a text of nothing but comments', () => {
    expect(lex('// nothing\n', false)).toEqual({ tokens: 0, code: '', identifiers: new Map() })
  })
})
