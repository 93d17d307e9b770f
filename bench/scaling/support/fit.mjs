/**
 * Fits y = c * x^exponent by least squares on the logarithms.
 *
 * @param points - pairs [x, y]; those that are not above zero have no logarithm and are left out.
 * @returns `exponent`, `error` (its standard error: about two of three repetitions lie within it; NaN with two points), `factor` c, and how many `points` counted. Null with fewer than two
 *   different x.
 */
export function powerFit(points) {
  const logs = points.filter(([x, y]) => x > 0 && y > 0).map(([x, y]) => [Math.log(x), Math.log(y)])
  const [meanX, meanY] = [0, 1].map((axis) => logs.reduce((sum, point) => sum + point[axis], 0) / logs.length)
  const spreadX = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  if (logs.length < 2 || spreadX === 0) return null
  const exponent = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spreadX
  const offset = meanY - exponent * meanX
  const residuals = logs.reduce((sum, [x, y]) => sum + (y - offset - exponent * x) ** 2, 0)
  const error = logs.length === 2 ? NaN : Math.sqrt(residuals / (logs.length - 2) / spreadX)
  return { exponent, error, factor: Math.exp(offset), points: logs.length }
}

/** `1.96 ± 0.03` */
export function exponentText(fit) {
  if (fit === null) return '-'
  return Number.isNaN(fit.error) ? fit.exponent.toFixed(2) : `${fit.exponent.toFixed(2)} ± ${fit.error.toFixed(2)}`
}
