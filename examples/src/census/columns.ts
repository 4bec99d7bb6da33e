/** Rows of text in columns: numbers to the right, words to the left, long words shortened in the middle. */
export interface Column {
  width: number
  align: 'left' | 'right'
}

export function row(columns: Column[], cells: string[]): string {
  return columns
    .map(({ width, align }, index) => {
      const text = shorten(printable(cells[index] ?? ''), width)
      return align === 'right' ? text.padStart(width) : text.padEnd(width)
    })
    .join('  ')
    .trimEnd()
}

/** Keeps both ends: of a path the package and the file's name say most. */
export function shorten(text: string, width: number): string {
  if (text.length <= width) return text
  const tail = Math.ceil((width - 1) * 0.6)
  return `${text.slice(0, width - 1 - tail)}…${text.slice(text.length - tail)}`
}

/** The name of a file may hold anything, also what would move the cursor. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?')
}
