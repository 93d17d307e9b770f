import { describe, expect, test } from '@jest/globals'
import { generateSchedule, type Schedule, shrinkSchedule } from 'webrtc-multiplayer/testing'
import { playEvening } from './support/evening.ts'

const NAMES = ['ann', 'ben', 'cas', 'dee']
const SEEDS = 100
/** Milliseconds: the meeting and some turns. */
const DURATION = 20_000

test(`${SEEDS} evenings with lost packets, slow links, deaths and leave-takings end well`, async () => {
  let won = 0
  let deaths = 0
  for (let seed = 1; seed <= SEEDS; seed++) {
    const hosts = NAMES.slice(0, 2 + (seed % 3))
    const kinds = ['death', 'death', 'absence', 'slow', 'disorder', 'loss'] as const
    const schedule = generateSchedule(seed, { hosts, duration: DURATION, faults: 4, kinds })
    const { violations, winner } = await playEvening(schedule)
    expect({ seed, violations }).toEqual({ seed, violations: [] })
    deaths += schedule.faults.filter(({ fault }) => fault === 'death').length
    if (winner !== null) won++
  }
  process.stdout.write(`${SEEDS} evenings, ${deaths} deaths, ${won} games with a winner\n`)
  expect(won).toBeGreaterThan(SEEDS / 2)
  expect(deaths).toBeGreaterThan(SEEDS / 2)
})

test('the host may die at every moment', async () => {
  let moments = 0
  for (const seed of [1, 2, 3, 4]) {
    const hosts = NAMES.slice(0, 3 + (seed % 2))
    const quiet: Schedule = { seed, hosts, duration: DURATION, faults: [] }
    const { history, winner } = await playEvening(quiet)
    expect(winner).not.toBeNull()
    const [on] = history.entries.flatMap((entry) => (entry.kind === 'status' && entry.self === 1 ? [entry.on] : []))
    if (on === undefined) throw new Error('Nobody has the lowest id.')
    // Until something happens next the same things happen, so this is every moment there is.
    for (const at of new Set(history.entries.map((entry) => entry.at))) {
      if (at >= DURATION) continue
      const { violations } = await playEvening({
        ...quiet,
        faults: [{ fault: 'death', on, at, for: DURATION - at }],
      })
      expect({ seed, at, violations }).toEqual({ seed, at, violations: [] })
      moments++
    }
  }
  process.stdout.write(`the host died at ${moments} moments\n`)
  expect(moments).toBeGreaterThan(150)
})

describe('what the game does not stand', () => {
  test('a partition makes two games of one; the schedule that shows it is made short', async () => {
    const fails = async (schedule: Schedule): Promise<boolean> => {
      const { violations } = await playEvening(schedule)
      return violations.some(({ rule }) => rule === 'one-winner')
    }
    const kinds = ['partition', 'slow', 'loss', 'disorder'] as const
    let failing: Schedule | null = null
    for (let seed = 1; failing === null && seed <= SEEDS; seed++) {
      const schedule = generateSchedule(seed, { hosts: NAMES, duration: 60_000, faults: 8, kinds })
      if (await fails(schedule)) failing = schedule
    }
    if (failing === null) throw new Error('No partition did any harm.')
    const shortest = await shrinkSchedule(failing, fails)
    process.stdout.write(`${failing.faults.length} faults, made short: ${JSON.stringify(shortest)}\n`)
    expect(shortest.faults).toEqual([expect.objectContaining({ fault: 'partition' })])
    expect(shortest.hosts.length).toBeLessThan(NAMES.length)
  })
})
