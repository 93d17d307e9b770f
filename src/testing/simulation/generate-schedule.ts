import { checkWhole, invalid } from '../../checks.ts'
import { Random } from '../../transport/simulated/random.ts'
import { endOf, type Fault, type FaultKind, type Schedule } from './schedule.ts'

/** Options of {@link generateSchedule}. */
export interface GenerateScheduleOptions {
  /** Names of the hosts, or how many; they are called `host-1` and so on then. Default 4. */
  hosts?: number | readonly string[]
  /** Milliseconds that the faults have. Default 30000. */
  duration?: number
  /** Faults at most. Default 6. */
  faults?: number
  /** Kinds of faults, a kind as often as it is to be likelier. Default: all that a network can do by itself. */
  kinds?: readonly FaultKind[]
}

const NETWORK_KINDS: readonly FaultKind[] = ['loss', 'slow', 'disorder', 'partition']

/** Milliseconds. */
const SHORTEST = 20

type Draw = (random: Random, hosts: readonly string[]) => DistributedOmit<Fault, 'at' | 'for'>
type DistributedOmit<Member, Key extends PropertyKey> = Member extends Fault ? Omit<Member, Key> : never

const one = (random: Random, hosts: readonly string[]): string => hosts[random.below(hosts.length)] as string

/** What a fault of each kind is like. */
const DRAWS: Readonly<Record<FaultKind, Draw>> = {
  loss: (random, hosts) => ({
    fault: 'loss',
    on: one(random, hosts),
    probability: hundredths(0.02 + random.next() * 0.5),
  }),
  slow: (random, hosts) => ({
    fault: 'slow',
    on: one(random, hosts),
    latency: 50 + random.below(1_000),
    jitter: random.below(300),
    bandwidth: 20_000 + random.below(200_000),
  }),
  disorder: (random, hosts) => ({
    fault: 'disorder',
    on: one(random, hosts),
    duplication: hundredths(random.next() * 0.5),
    reordering: hundredths(random.next() * 0.5),
  }),
  partition: (random, hosts) => {
    const [first = '', second = '', ...rest] = random.shuffled(hosts)
    // Two hosts that cannot reach each other while all others reach both are worse than two halves.
    if (random.chance(0.5)) return { fault: 'partition', hosts: [first], others: [second] }
    return { fault: 'partition', hosts: [first, ...rest.slice(0, random.below(Math.max(1, hosts.length >> 1)))] }
  },
  death: (random, hosts) => ({ fault: 'death', on: one(random, hosts) }),
  absence: (random, hosts) => ({ fault: 'absence', on: one(random, hosts) }),
  'signaling-cut': (random, hosts) => ({ fault: 'signaling-cut', on: one(random, hosts) }),
  'signaling-restart': (random) => ({
    fault: 'signaling-restart',
    memory: random.chance(0.5) ? 'lost' : 'handed-over',
  }),
  'signaling-disorder': (random) => ({ fault: 'signaling-disorder', delay: 200 + random.below(3_000) }),
  overload: (random, hosts) => ({
    fault: 'overload',
    on: one(random, hosts),
    packets: 10 + random.below(60),
    bytes: 1_000 + random.below(15_000),
  }),
}

/**
 * A schedule of faults at random; the same for the same seed and options.
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for fewer than two hosts or two of one name, a duration or number of faults that is no whole number, no kinds or one that there is not.
 *
 * @example
 * ```ts
 * import { generateSchedule } from 'webrtc-multiplayer/testing'
 *
 * const schedule = generateSchedule(7, { hosts: 3, kinds: ['loss', 'partition', 'death'] })
 * console.log(JSON.stringify(schedule))
 * ```
 */
export function generateSchedule(seed: number, options: GenerateScheduleOptions = {}): Schedule {
  const { duration = 30_000, faults: most = 6, kinds = NETWORK_KINDS } = options
  const hosts = namesOf(options.hosts ?? 4)
  checkWhole('duration, in milliseconds,', duration, 1, Number.MAX_SAFE_INTEGER)
  checkWhole('The number of faults', most, 0, Number.MAX_SAFE_INTEGER)
  if (kinds.length === 0 || !kinds.every((kind) => kind in DRAWS)) {
    throw invalid(`Give kinds of faults: ${Object.keys(DRAWS).join(', ')}.`, kinds)
  }
  const random = new Random(`schedule ${seed}`)
  const count = most === 0 ? 0 : 1 + random.below(most)
  const faults = Array.from({ length: count }, () => {
    const kind = kinds[random.below(kinds.length)] as FaultKind
    const at = random.below(duration)
    const length = Math.min(duration - at, lengthOf(random, duration))
    return { at, for: length, ...DRAWS[kind](random, hosts) }
  })
  return { seed, hosts, duration, faults: sorted(faults) }
}

/** Short ones, for time-outs of 100 ms as much as for those of 10 s, and long ones, for a connection is dead after 13 s or 30 s. */
function lengthOf(random: Random, duration: number): number {
  if (random.chance(0.3)) return random.below(duration)
  return Math.ceil(SHORTEST * (duration / SHORTEST) ** random.next())
}

function sorted(faults: readonly Fault[]): Fault[] {
  return [...faults].sort((a, b) => a.at - b.at || endOf(a) - endOf(b))
}

function namesOf(hosts: number | readonly string[]): readonly string[] {
  const names = typeof hosts === 'number' ? Array.from({ length: hosts }, (_, i) => `host-${i + 1}`) : hosts
  if (names.length < 2) throw invalid('A schedule needs two hosts at least.', hosts)
  if (new Set(names).size < names.length) throw invalid('Each host of a schedule has a name of its own.', hosts)
  return names
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100
}
