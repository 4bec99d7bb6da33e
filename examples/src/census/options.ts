/** What the command line asks for. Checked here, once; a mistake is a sentence for the user, never a stack trace. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

export interface Options {
  folder: string
  /** undefined: as many as this process may use cores */
  workers: number | undefined
  chaos: boolean
  verify: boolean
  json: boolean
  help: boolean
}

/** @throws UsageError */
export function parseOptions(args: string[]): Options {
  const { values, positionals } = parse(args)
  const [folder, ...more] = positionals
  if (folder === '' || more.length > 0) throw new UsageError(`Expected one FOLDER, got ${quote(positionals)}`)
  return {
    folder: folder === undefined ? ownPackages : resolve(folder),
    workers: workersFrom(values.workers),
    chaos: values.chaos ?? folder === undefined,
    verify: values.verify ?? folder === undefined,
    json: values.json ?? false,
    help: values.help ?? false,
  }
}

export class UsageError extends Error {}

export const usage = `Usage: npm start [-- FOLDER] [--workers N] [--chaos] [--verify] [--json]

Takes a census of the source code below FOLDER with a supervised pool of processes: which packages weigh most,
which files are duplicates, which names are most used. Without FOLDER it is this repository's own node_modules,
with --chaos and --verify (--no-chaos and --no-verify turn them off).

  --workers N  processes in the pool, 1 to 256; default: the cores this process may use
  --chaos      kills a worker midway, to show the restart; on a terminal the key k kills one at any time
  --verify     does it all again without the pool, compares the totals and tells the speed-up
  --json       prints the summary as one line of JSON on stdout
  --help       prints this
`

/** Found from this file, not from the current folder, so that the default is the same wherever it is started. */
const ownPackages = fileURLToPath(new URL('../../../node_modules', import.meta.url))

const maxWorkers = 256

function parse(args: string[]) {
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      allowNegative: true,
      options: {
        workers: { type: 'string', short: 'w' },
        chaos: flag,
        verify: flag,
        json: flag,
        help: { ...flag, short: 'h' },
      },
    })
  } catch (error) {
    // What follows the first sentence tells how to pass arguments that begin with a dash: there are none here.
    throw new UsageError((error as Error).message.split(/\.\s/)[0])
  }
}

function workersFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const workers = Number(text)
  if (/^\d+$/.test(text) && workers >= 1 && workers <= maxWorkers) return workers
  throw new UsageError(`Expected --workers to be a whole number from 1 to ${maxWorkers}, got ${quote([text])}`)
}

function quote(values: string[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ')
}
