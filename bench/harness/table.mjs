/** Prints rows of equal keys as an aligned table. */
export function table(rows) {
  if (rows.length === 0) return
  const keys = Object.keys(rows[0])
  const cells = [keys, ...rows.map((row) => keys.map((key) => String(row[key] ?? '')))]
  const widths = keys.map((_, column) => Math.max(...cells.map((row) => row[column].length)))
  for (const row of cells)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
}
