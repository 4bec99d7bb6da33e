/** Where something is shown: a terminal, with its width and colours, or a file or pipe, which has neither. */
import { styleText } from 'node:util'

export type Screen = NodeJS.WritableStream & { isTTY?: boolean; columns?: number }
export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string

/** Colours a text where colours can be seen: on a terminal, unless `NO_COLOR` is set. */
export function paintOn(screen: Screen): Paint {
  return (format, text) => styleText(format, text, { stream: screen })
}
