import { runScript } from '../support/script.js'

describe('a program', () => {
  test.each([
    ['with a pool that was never used', 'unused', 'unused\n'],
    ['with a pool that is idle again', 'idle', '9\n'],
    ['that looks at its failures', 'looked', 'quiet\n'],
  ])('%s ends by itself', async (_, way, said) => {
    expect(await runScript('script', way)).toEqual({ code: 0, signal: null, stdout: said, stderr: '' })
  })

  test.each([
    ['apply', '5\n'],
    ['applyAsync', '5\n'],
    ['map', '5\n'],
    ['imap', 'false\n'],
    ['ready', 'idle\n'],
    ['stop', '5\nstopped\n'],
  ])('is kept alive by a pending %s', async (way, said) => {
    expect(await runScript('script', way)).toEqual({ code: 0, signal: null, stdout: said, stderr: '' })
  })

  test('hears once of a failure at which nobody looks', async () => {
    const { stdout } = await runScript('script', 'unseen')
    expect(stdout).toBe('out of range\n1\n')
  })

  test('ends by an error of a task that nobody catches, with its own stack', async () => {
    const { code, stderr } = await runScript('script', 'unhandled')
    expect(code).toBe(1)
    expect(stderr).toContain('RangeError: out of range')
    expect(stderr).toContain('fixtures/errors.js')
  })
})
