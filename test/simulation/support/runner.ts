import { type Schedule, shrinkSchedule } from '../../../src/testing/index.ts'
import { violationText } from './report.ts'
import { scheduleOf, simulate, type SimulationResult } from './simulate.ts'

export { scheduleOf, simulate }

/** What came of many seeds. */
export interface Tally {
  seeds: number
  /** Faults injected, by kind. */
  faults: Record<string, number>
  /** Entries of histories that were checked. */
  events: number
  /** Milliseconds after the last fault until everyone agreed: the longest. */
  slowestAgreement: number
  failed: Schedule[]
}

export function newTally(): Tally {
  return { seeds: 0, faults: {}, events: 0, slowestAgreement: 0, failed: [] }
}

/** Runs the schedules of these seeds, one after the other. */
export async function runSeeds(first: number, count: number, hosts?: number): Promise<Tally> {
  const tally = newTally()
  for (let seed = first; seed < first + count; seed++) note(await simulate(scheduleOf(seed, hosts)), tally)
  return tally
}

export function note({ schedule, history, violations, agreedAfter }: SimulationResult, tally: Tally): void {
  tally.seeds++
  tally.events += history.entries.length
  tally.slowestAgreement = Math.max(tally.slowestAgreement, agreedAfter)
  for (const { fault } of schedule.faults) tally.faults[fault] = (tally.faults[fault] ?? 0) + 1
  if (violations.length > 0) tally.failed.push(schedule)
}

/** The shortest schedule found that breaks the same rule as this one does. */
export async function shrink(schedule: Schedule, tries: number, agreesWithin?: number): Promise<Schedule> {
  const [first] = (await simulate(schedule, agreesWithin)).violations
  return shrinkSchedule(
    schedule,
    async (shorter) => (await simulate(shorter, agreesWithin)).violations.some(({ rule }) => rule === first?.rule),
    { tries },
  )
}

/** What a run has broken, in words. @param most - violations that are told. */
export function reportOf({ history, violations, hash }: SimulationResult, most: number): string {
  const { entries } = history
  const told = violations.slice(0, most).map((violation) => violationText(entries, violation))
  const rest = violations.length > most ? [`and ${violations.length - most} more`] : []
  return [...told, ...rest, `${entries.length} events, history ${hash.slice(0, 16)}`].join('\n')
}
