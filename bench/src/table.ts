export interface Row {
  readonly title: string
  readonly unit: string
  /** Best of the repeats, by contender; ours stands first. */
  readonly best: ReadonlyMap<string, number>
}

/** Each row with its figures, and ours over each peer's: above 1 we are ahead. */
export function table(rows: readonly Row[]): string {
  return rows
    .map(({ title, unit, best }) => {
      const [ours, ...peers] = [...best]
      if (ours === undefined) return title
      const lines = peers.map(([name, figure]) => {
        const ratio = unit === 'per second' ? ours[1] / figure : figure / ours[1]
        return `  ${name.padEnd(14)} ${format(figure).padStart(12)}   ${ratio.toFixed(2)} x`
      })
      return [`${title} (${unit})`, `  ${ours[0].padEnd(14)} ${format(ours[1]).padStart(12)}`, ...lines].join('\n')
    })
    .join('\n\n')
}

function format(figure: number): string {
  return figure >= 1_000 ? Math.round(figure).toLocaleString('en') : figure.toFixed(1)
}
