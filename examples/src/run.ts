/** Runs a small example by its name: `npm run example -- streams`. */
interface Example {
  readonly main: (print: (line: string) => void, args: readonly string[]) => Promise<unknown>
}

const examples: Readonly<Record<string, () => Promise<Example>>> = {
  'python-pipe': () => import('./python-multiprocessing/pipe.js'),
  'python-pool': () => import('./python-multiprocessing/pool.js'),
  'python-queue': () => import('./python-multiprocessing/queue.js'),
  service: () => import('./service/main.js'),
  'service-load': () => import('./service/load.js'),
  streams: () => import('./streams/main.js'),
  'two-systems': () => import('./two-systems/main.js'),
}

const [name = '', ...args] = process.argv.slice(2)
if (Object.hasOwn(examples, name)) {
  const { main } = await (examples[name] as () => Promise<Example>)()
  await main((line) => process.stdout.write(`${line}\n`), args)
} else {
  process.stderr.write(`Usage: npm run example -- ${Object.keys(examples).join(' | ')}\n`)
  process.exitCode = 2
}
