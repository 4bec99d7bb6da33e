/** A service as its operator sees it: signals, exit codes, what it says, and what is left of it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { isAlive, until, within } from './support.js'

const PROGRAM = fileURLToPath(new URL('../fixtures/services.js', import.meta.url))
/** A service that does not end would hang the test; starting one takes time. */
const ENDS = 15_000

function service(mode: string) {
  const child = spawn(process.execPath, [PROGRAM, mode], { stdio: 'pipe' })
  const text = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text.out += part))
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text.err += part))
  // Its stdio is at its end too: all it has said is here.
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  /** Processes that it had while it ran. */
  let pids: number[] = []
  return {
    text,
    signal: (name: NodeJS.Signals) => child.kill(name),
    tell: (word: string) => child.stdin.write(`${word}\n`),
    says: (what: string, where: 'out' | 'err' = 'out') =>
      until(() => text[where].includes(what), `'${what}' in ${text[where]} ${text.err}`, ENDS),
    async ready(processes: number) {
      await this.says('ready')
      pids = (/^ready (.*)$/m.exec(text.out)?.[1] ?? '')
        .split(' ')
        .filter((pid) => pid !== '')
        .map(Number)
      expect(pids).toHaveLength(processes)
      expect(pids.filter((pid) => !isAlive(pid))).toEqual([])
    },
    /** With which code, and that nothing of it is left. */
    async ends() {
      const [code, signal] = await within(ENDS, closed)
      expect(signal).toBe(null)
      expect(pids.filter(isAlive)).toEqual([])
      return code
    },
  }
}

const lines = (text: string, ...of: string[]): string[] => text.split('\n').filter((line) => of.includes(line))
const end = (text: string): unknown => JSON.parse(/^ended (.*)$/m.exec(text)?.[1] ?? 'null') as unknown

describe('a service', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('stops its children in reverse at %s, and exits with 0', async (signal) => {
    const shop = service('three')
    await shop.ready(1)
    shop.signal(signal)
    expect(await shop.ends()).toBe(0)
    expect(lines(shop.text.out, 'http stopped', 'cache stopped', 'db stopping')).toEqual([
      'http stopped',
      'cache stopped',
      'db stopping',
    ])
    expect(end(shop.text.out)).toEqual({ code: 0, signal, error: 'undefined' })
    expect(shop.text.err).toBe('')
  })

  test('kills what has not stopped within its deadline, names it, and exits with 1', async () => {
    const shop = service('stuck')
    await shop.ready(1)
    shop.signal('SIGTERM')
    expect(await shop.ends()).toBe(1)
    expect(shop.text.err).toContain('shop: not stopped within 200 ms, killed: db\n')
    expect(shop.text.err).toContain('db (')
  })

  test('kills all at a second signal, and exits with 128 and its number', async () => {
    const shop = service('waits')
    await shop.ready(1)
    shop.signal('SIGTERM')
    await shop.says('http stopped')
    shop.signal('SIGINT')
    expect(await shop.ends()).toBe(130)
    expect(shop.text.err).toContain('shop: a second signal while stopping, killed: db')
  })

  test('takes the same signal, told twice at once, for one', async () => {
    const shop = service('three')
    await shop.ready(1)
    shop.signal('SIGINT')
    shop.signal('SIGINT')
    expect(await shop.ends()).toBe(0)
  })

  test('prints its tree at SIGUSR2, and goes on', async () => {
    const shop = service('three')
    await shop.ready(1)
    shop.signal('SIGUSR2')
    await shop.says('http (', 'err')
    expect(shop.text.err).toMatch(/^shop\n└─ supervisor .*\n {3}├─ db .*, process \d+\n {3}├─ cache .*\n {3}└─ web/)
    shop.signal('SIGTERM')
    expect(await shop.ends()).toBe(0)
  })

  test('whose supervisor gave up exits with 1, and says why', async () => {
    const shop = service('brittle')
    await shop.ready(0)
    shop.tell('fail')
    expect(await shop.ends()).toBe(1)
    expect(shop.text.err).toContain('shop: its supervisor has ended: RestartLimitError')
  })

  test('whose supervisor was killed exits with 1, and says so', async () => {
    const shop = service('brittle')
    await shop.ready(0)
    shop.tell('kill')
    expect(await shop.ends()).toBe(1)
    expect(shop.text.err).toContain('the supervisor is down (killed)')
  })

  test.each([
    ['leave', 0, /^$/],
    ['fail', 1, /shop: its supervisor has ended: Error: a failed/],
  ])('that ends with its significant child (%s) exits with %i', async (word, code, said) => {
    const shop = service('significant')
    await shop.ready(0)
    shop.tell(word)
    expect(await shop.ends()).toBe(code)
    expect(shop.text.err).toMatch(said)
    expect(shop.text.out).toContain('b stopped')
  })

  test.each([
    ['throw', 'a bug in main'],
    ['reject', 'a promise in main'],
  ])('prints an error that nobody caught (%s), stops in good order, and exits with 1', async (word, message) => {
    const shop = service('three')
    await shop.ready(1)
    shop.tell(word)
    expect(await shop.ends()).toBe(1)
    expect(shop.text.err.split(message)).toHaveLength(2)
    expect(lines(shop.text.out, 'http stopped', 'cache stopped', 'db stopping')).toHaveLength(3)
    expect(end(shop.text.out)).toEqual({ code: 1, signal: null, error: `Error: ${message}` })
  })

  test('that does not start rejects once, and exits with 1', async () => {
    const shop = service('failed')
    expect(await shop.ends()).toBe(1)
    expect(shop.text.out).toBe('db stopping\n')
    expect(shop.text.err.match(/^SupervisorError: The child 'port' did not start/gm)).toHaveLength(1)
  })

  test('that did not start leaves no handler, whoever catches that', async () => {
    const shop = service('caught')
    expect(await shop.ends()).toBe(1)
    expect(lines(shop.text.out, '1', '0 1')).toEqual(['1', '0 1'])
    expect(shop.text.out).toContain("caught The child 'port' did not start")
  })

  test('that is told to end while it starts stops what has begun, and exits with 0', async () => {
    const shop = service('slow')
    await shop.ready(1)
    shop.signal('SIGTERM')
    expect(await shop.ends()).toBe(0)
    expect(shop.text).toEqual({ out: expect.stringContaining('db stopping\n'), err: '' })
  })

  test('is refused while another one runs in its process', async () => {
    const shop = service('twice')
    await shop.ready(1)
    await shop.says('refused ERR_SERVICE_RUNNING')
    shop.signal('SIGTERM')
    expect(await shop.ends()).toBe(0)
  })

  test('may follow another one, is stopped and killed by hand too, and leaves no handler', async () => {
    const shop = service('again')
    expect(await shop.ends()).toBe(1)
    expect(lines(shop.text.out, '1 0 0', '2 0 1')).toEqual(['1 0 0', '2 0 1'])
  })

  test('ends a process that something else keeps alive after its end, and says what', async () => {
    const shop = service('held')
    await shop.ready(1)
    shop.signal('SIGTERM')
    expect(await shop.ends()).toBe(0)
    expect(shop.text.err).toMatch(
      /shop: still alive 1000 ms after the end: process.exit\(0\). What keeps it: .*Timeout/,
    )
  })

  test('loses nothing of what was written at its end', async () => {
    const shop = service('wordy')
    await shop.ready(0)
    shop.signal('SIGTERM')
    expect(await shop.ends()).toBe(0)
    expect(shop.text.out.length).toBeGreaterThan(1_000_000)
  })
})
