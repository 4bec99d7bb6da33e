import { notData } from '@troupe/core/internal'
import { msgpackCodec } from '@troupe/transport-node/internal'

/** Copies what is given at a call and leaves later: as it is now. */
export class Snapshots {
  readonly #packer = msgpackCodec().packer({ write: (value) => value })

  /**
   * `what` and `name` say in an error whose it is, and where its path begins.
   *
   * @throws SerializationError for what is no data.
   */
  of(args: readonly unknown[], what: string, name: string): readonly unknown[] {
    try {
      return this.#packer.snapshot(args) as readonly unknown[]
    } catch (error) {
      throw notData(args, error, what, name)
    }
  }
}
