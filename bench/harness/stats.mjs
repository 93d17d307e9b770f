/** The value below which the share `p` of the numbers lies. */
export function quantile(numbers, p) {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]
}

export const median = (numbers) => quantile(numbers, 0.5)

/** `median [min..max]`. */
export const spread = (numbers, digits = 0) => withSpread(median(numbers), numbers, digits)

/** A figure, and between what the rounds lay if they differ. */
export function withSpread(figure, numbers, digits = 0) {
  const show = (number) => number.toFixed(digits)
  const [least, most] = [show(Math.min(...numbers)), show(Math.max(...numbers))]
  return least === most && least === show(figure) ? least : `${show(figure)} [${least}..${most}]`
}

/** One goal: what was asked, what was seen. */
export const goal = (name, value, limit, atMost = true) => ({
  goal: `${name} ${atMost ? '<=' : '>='} ${limit}`,
  seen: typeof value === 'number' ? value.toFixed(3) : value,
  reached: (atMost ? value <= limit : value >= limit) ? 'yes' : 'NO',
})
