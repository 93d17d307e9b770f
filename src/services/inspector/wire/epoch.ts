/** Milliseconds after which a clock that was set, or a machine that has slept, is noticed. */
const TOLERANCE = 1_000

/**
 * Makes a function that tells the milliseconds since 1970, with fractions: those of the monotonic clock, which alone tells what came first, brought into line with the wall's when they have
 * come apart. (Some browsers' monotonic clock stands still while the machine sleeps.)
 */
export function epochClock(): () => number {
  let offset = performance.timeOrigin
  return () => {
    const monotonic = performance.now()
    const wall = Date.now()
    if (Math.abs(offset + monotonic - wall) > TOLERANCE) offset = wall - monotonic
    return offset + monotonic
  }
}
