/** The value below which the share `p` of the numbers lies. */
export function quantile(numbers, p) {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]
}

export const median = (numbers) => quantile(numbers, 0.5)

/** `median [min..max]`. */
export function spread(numbers, digits = 0) {
  const show = (number) => number.toFixed(digits)
  return `${show(median(numbers))} [${show(Math.min(...numbers))}..${show(Math.max(...numbers))}]`
}

/** Prints rows of equal keys as an aligned table. */
export function table(rows) {
  const keys = Object.keys(rows[0])
  const cells = [keys, ...rows.map((row) => keys.map((key) => String(row[key])))]
  const widths = keys.map((_, column) => Math.max(...cells.map((row) => row[column].length)))
  for (const row of cells)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
}

/** One goal: what was asked, what was seen. */
export const goal = (name, value, limit, atMost = true) => ({
  goal: `${name} ${atMost ? '<=' : '>='} ${limit}`,
  seen: typeof value === 'number' ? value.toFixed(3) : value,
  reached: (atMost ? value <= limit : value >= limit) ? 'yes' : 'NO',
})
