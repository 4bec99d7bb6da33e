/**
 * A placement in this thread that behaves as one elsewhere: a host of its own for each actor, behind a channel and a
 * codec. Messages are snapshots, bounds are those of the wire, and the host can die; only the start is cheap, and
 * closures may be used.
 */
import type { Channel } from '../ports/channel.js'
import type { Codec } from '../ports/codec.js'
import type { LaunchContext, Launcher } from '../ports/placement.js'
import type { Loader } from '../ports/loader.js'
import { InlineHost } from './inline-host.js'
import { jsonCodec } from './json-codec.js'
import type { PairOptions } from './pair.js'

export interface InlineOptions {
  /** Milliseconds for start, load and init together. Default Infinity. */
  readonly startTimeout?: number | undefined
  /** How the channel cuts, and when it is full. Default: as the channel in memory does. */
  readonly channel?: PairOptions | undefined
  /** Default: values as JSON, with all that messages may hold. */
  readonly codec?: Codec | undefined
  /** What the host inside uses, when it is to differ. */
  readonly hostCodec?: Codec | undefined
  /** Puts something around both ends, such as `faultChannel`: `near` is the end of whoever spawns. */
  readonly wrap?: ((channel: Channel, end: 'near' | 'far') => Channel) | undefined
  /** What a remote name stands for. Default: the export of the module, imported in this thread. */
  readonly load?: Loader['load'] | undefined
}

/** What `inline` makes. It takes definitions, closures included, and remote names too. */
export interface InlinePlacement extends Launcher<'here'> {
  nameOf(definition: object): { readonly url: string; readonly export: string }
  /** Those that it has started, in order. */
  readonly hosts: readonly InlineHost[]
}

/** Places an actor in a host of its own within this thread, for tests. */
export function inline(options: InlineOptions = {}): InlinePlacement {
  const { startTimeout = Infinity, codec = jsonCodec(), hostCodec = codec, load = importExport } = options
  const definitions: object[] = []
  const hosts: InlineHost[] = []
  const loader: Loader = {
    announce: () => undefined,
    load: async (url, name) => (url === DEFINITIONS ? definitions[Number(name)] : load(url, name)),
  }
  return {
    reach: 'here',
    startTimeout,
    hosts,
    nameOf(definition) {
      const known = definitions.indexOf(definition)
      if (known === -1) definitions.push(definition)
      return { url: DEFINITIONS, export: String(known === -1 ? definitions.length - 1 : known) }
    },
    launch(context: LaunchContext) {
      const host = new InlineHost(context, { codec, hostCodec, loader, wrap: options.wrap, channel: options.channel })
      hosts.push(host)
      return host
    },
  }
}

/** Stands for a module whose exports are the definitions that were handed in. */
const DEFINITIONS = 'inline:'

async function importExport(url: string, name: string): Promise<unknown> {
  const module = (await import(url)) as Record<string, unknown>
  return module[name]
}
