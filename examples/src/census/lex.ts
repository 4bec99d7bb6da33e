/**
 * Counts the tokens and names of a source text. Tokens are what the language calls so: white space, line ends and
 * comments are none. Two texts have the same `code` when their tokens are the same.
 */
import { createHash } from 'node:crypto'
import jsTokens from 'js-tokens'

export interface Lexed {
  tokens: number
  /** sha-256 over the tokens; empty when there are none */
  code: string
  identifiers: Map<string, number>
}

export function lex(text: string, jsx: boolean): Lexed {
  const tokens: string[] = []
  const identifiers = new Map<string, number>()
  for (const { type, value } of jsTokens(text, { jsx: jsx as true })) {
    if (silent.has(type)) continue
    tokens.push(value)
    if (named.has(type) && !reserved.has(value)) identifiers.set(value, (identifiers.get(value) ?? 0) + 1)
  }
  const code = tokens.length === 0 ? '' : createHash('sha256').update(tokens.join('\n')).digest('hex')
  return { tokens: tokens.length, code, identifiers: detached(identifiers) }
}

const silent = new Set([
  'WhiteSpace',
  'LineTerminatorSequence',
  'SingleLineComment',
  'MultiLineComment',
  'HashbangComment',
])
const named = new Set(['IdentifierName', 'PrivateIdentifier', 'JSXIdentifier'])
const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum export extends false ' +
    'finally for function if implements import in instanceof interface let new null package private protected public ' +
    'return static super switch this throw true try typeof var void while with yield'
  ).split(' '),
)

/** A name is a slice of the text, and one slice that is kept would keep the whole text in memory. */
function detached(identifiers: Map<string, number>): Map<string, number> {
  return new Map([...identifiers].map(([name, count]) => [Buffer.from(name).toString(), count]))
}
