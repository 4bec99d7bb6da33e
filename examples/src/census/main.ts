/** The entry: reads the command line, runs the census, and ends with an exit code and never with a stack trace. */
import { census } from './census.js'
import { listenForInterrupt } from './interrupt.js'
import { parseOptions, UsageError, usage } from './options.js'

const interrupt = listenForInterrupt()
process.exitCode = await run(process.argv.slice(2))
interrupt.dispose()

async function run(args: string[]): Promise<number> {
  // Whoever reads may have enough before the end, as `head` has; what cannot be shown is then not missed.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  try {
    const options = parseOptions(args)
    if (!options.help) return await census(options, interrupt.signal)
    process.stdout.write(usage)
    return 0
  } catch (error) {
    // Once interrupted, whatever failed did so because of that.
    const exitCode = interrupt.exitCode()
    const reason = error instanceof Error ? error.message : String(error)
    process.stderr.write(`census: ${exitCode === undefined ? reason : 'interrupted'}\n`)
    if (error instanceof UsageError) process.stderr.write(`\n${usage}`)
    return exitCode ?? (error instanceof UsageError ? 2 : 1)
  }
}
