/** Steps of the width, one for each power of ten from 10 B/s on; the first is for links on which nothing but keep-alives goes. */
export const TRAFFIC_STEPS = 7

const LOWEST = 10

/** The step for a rate in bytes per second: 0 below 10 B/s, 1 up to 100 B/s, ..., 6 from 1 MB/s on. */
export function trafficStep(bytesPerSecond: number): number {
  if (!(bytesPerSecond >= LOWEST)) return 0
  return Math.min(TRAFFIC_STEPS - 1, Math.floor(Math.log10(bytesPerSecond / LOWEST) + 1e-9) + 1)
}

/** Line widths of the steps. */
const WIDTHS: readonly number[] = [1.25, 2, 2.75, 3.75, 5, 6.5, 8]

/** The line's width in units of the picture. Where links are many they are thinner, so that they do not cover each other. */
export function trafficWidth(step: number, linksOfPeer: number): number {
  const crowding = Math.min(1, Math.max(0.2, 12 / Math.max(1, linksOfPeer)))
  return (WIDTHS[step] ?? 1) * crowding
}

/** Where lines are too thin for widths to be told apart, the busy ones stand out of the others. */
export function crowdedOpacity(step: number): number {
  return 0.4 + (0.6 * step) / (TRAFFIC_STEPS - 1)
}
