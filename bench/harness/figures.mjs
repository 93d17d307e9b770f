/** What is told of a column: one figure over all rounds, and its ratio to the baseline. */
import { median } from './stats.mjs'

/** The values of the rounds, as they are shown. */
export const valuesOf = ({ key, scale = 1 }, rounds) =>
  rounds.map((round) => round[key] * scale).filter((value) => Number.isFinite(value))

/** The median of the rounds, or what the column makes of all of them together. Undefined if there are none. */
export function figureOf(column, rounds) {
  const figure =
    column.pool && rounds.length > 0 ? column.pool(rounds) * (column.scale ?? 1) : median(valuesOf(column, rounds))
  return Number.isFinite(figure) ? figure : undefined
}

/** The ratios of the rounds that both have: two contestants one after the other have met much the same machine, two of different rounds have not. */
export function ratiosOf({ key }, rounds, baseline) {
  const base = new Map(baseline.map((entry) => [entry.round, entry[key]]))
  return rounds
    .filter(({ round }) => base.has(round))
    .map((entry) => entry[key] / base.get(entry.round))
    .filter((ratio) => Number.isFinite(ratio))
}
