import { Inflow } from '../stream/inflow.js'

/** A stream that came in a message. As of a generator there is one iterator: who iterates again goes on where that is. */
export class Incoming implements AsyncIterable<unknown> {
  readonly #pull: () => Inflow
  #inflow: Inflow | undefined

  /** `pull` has it flow; called when somebody first iterates. */
  constructor(pull: () => Inflow) {
    this.#pull = pull
  }

  [Symbol.asyncIterator](): Inflow {
    return (this.#inflow ??= this.#pull())
  }
}
