import { TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { type NetworkConditions, Random, type Schedule } from '../../../src/testing/index.ts'

/** What a simulated world is like, apart from its faults. */
export interface WorldPlan {
  /** How the lobby works; `direct`: there is none, but Godot 3's server compatibility. */
  readonly mode: 'mesh' | 'client-server' | 'direct'
  /** Whether there is a MultiplayerAPI on top; in a client/server lobby there always is. */
  readonly hasApi: boolean
  /** Whether peers authenticate before anybody hears of them. */
  readonly authenticates: boolean
  /** Conditions of the links without faults. */
  readonly conditions: Partial<NetworkConditions>
  /** Modes of the extra channels. */
  readonly channels: readonly TransferMode[]
  /** Milliseconds that the lobby keeps the place of one who lost its socket. */
  readonly graceTime: number
  /** Milliseconds between two packets of one host, on average. */
  readonly interval: number
  readonly random: Random
}

const CHANNELS: readonly (readonly TransferMode[])[] = [
  [],
  [TransferMode.RELIABLE],
  [TransferMode.RELIABLE, TransferMode.UNRELIABLE_ORDERED],
  [TransferMode.UNRELIABLE, TransferMode.RELIABLE],
]

/** The world of a schedule, from its seed. */
export function planWorld({ seed, hosts }: Schedule): WorldPlan {
  const random = new Random(`world ${seed}`)
  const chance = random.next()
  const mode = chance < 0.35 ? 'client-server' : chance < 0.75 ? 'mesh' : 'direct'
  const hasApi = mode === 'client-server' || (mode === 'mesh' && random.chance(0.3))
  return {
    mode,
    hasApi,
    authenticates: hasApi && random.chance(0.3),
    conditions: {
      latency: 5 + random.below(60),
      jitter: random.below(20),
      loss: random.chance(0.3) ? 0.02 : 0,
    },
    channels: CHANNELS[random.below(CHANNELS.length)] ?? [],
    graceTime: 1_000 + random.below(10_000),
    // A full mesh carries each broadcast to all others: the more there are, the less each one says.
    interval: 230 + 60 * hosts.length * (1 + random.next()),
    random,
  }
}
