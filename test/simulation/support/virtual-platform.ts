import type { Clock } from '../../../src/clock.ts'
import type { Random } from '../../../src/testing/index.ts'

/** Some moment, in milliseconds since the epoch. */
const BEGINNING = 1_700_000_000_000

/** Runs something where the platform's own time is virtual too, and its random numbers come from a seed: of XState, which makes names of them, and of whoever forgets to be given some. */
export async function onVirtualPlatform<Result>(
  clock: Pick<Clock, 'now'>,
  random: Random,
  run: () => Promise<Result>,
): Promise<Result> {
  const real = { now: Date.now, random: Math.random }
  Date.now = () => BEGINNING + clock.now()
  Math.random = () => random.next()
  try {
    return await run()
  } finally {
    Date.now = real.now
    Math.random = real.random
  }
}
