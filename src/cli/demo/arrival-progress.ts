import { DEMO_CHANNELS } from './channels.ts'
import type { TrafficTally } from './messages.ts'

/** Milliseconds without anything new after which what is missing of the unreliable packets counts as lost. */
const SETTLED_AFTER = 300

/** Tells from what the peers count when nothing more will come. */
export class ArrivalProgress {
  #received = -1
  #since = 0

  /**
   * @param tallies - told after everything was sent.
   * @param peers - how many tallies there must be.
   * @param now - milliseconds, of any clock that does not go back.
   */
  isComplete(tallies: readonly TrafficTally[], peers: number, now: number): boolean {
    if (tallies.length < peers) return false
    const all = count(tallies, () => true)
    const reliable = count(tallies, (channel) => DEMO_CHANNELS[channel]?.modeName === 'reliable')
    if (all.received !== this.#received) {
      this.#received = all.received
      this.#since = now
    }
    if (all.received >= all.expected) return true
    return reliable.received >= reliable.expected && now - this.#since >= SETTLED_AFTER
  }
}

function count(
  tallies: readonly TrafficTally[],
  matters: (channel: number) => boolean,
): { expected: number; received: number } {
  let expected = 0
  let received = 0
  for (const tally of tallies) {
    for (const flow of tally.sent) if (matters(flow.channel)) expected += flow.expected
    for (const flow of tally.received) if (matters(flow.channel)) received += flow.received
  }
  return { expected, received }
}
