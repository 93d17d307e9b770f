import { TransferMode } from '../../services/multiplayer-peer/packet.ts'

/** One channel of the demo's mesh. */
export interface DemoChannel {
  readonly label: string
  /** 0, or the number of an extra channel. */
  readonly channel: number
  readonly mode: TransferMode
  readonly modeName: ModeName
  /** Bytes of each packet: small, medium and near to what fits a datagram, so that the table shows different rates. */
  readonly packetSize: number
}

/** A transfer mode as the summary names it. */
export type ModeName = 'reliable' | 'unreliableOrdered' | 'unreliable'

/** Channels 1 and 2 of every peer of the demo. */
export const EXTRA_CHANNELS: readonly TransferMode[] = [TransferMode.RELIABLE, TransferMode.UNRELIABLE]

const { RELIABLE, UNRELIABLE_ORDERED, UNRELIABLE } = TransferMode

/** Every channel that a peer of the demo has: the three default ones, then the extra ones. */
export const DEMO_CHANNELS: readonly DemoChannel[] = [
  { label: 'reliable', channel: 0, mode: RELIABLE, modeName: 'reliable', packetSize: 200 },
  { label: 'ordered', channel: 0, mode: UNRELIABLE_ORDERED, modeName: 'unreliableOrdered', packetSize: 64 },
  { label: 'unreliable', channel: 0, mode: UNRELIABLE, modeName: 'unreliable', packetSize: 64 },
  { label: '1 reliable', channel: 1, mode: RELIABLE, modeName: 'reliable', packetSize: 1100 },
  { label: '2 unreliable', channel: 2, mode: UNRELIABLE, modeName: 'unreliable', packetSize: 500 },
]

/** Whom a packet is for: everyone, one peer, everyone but one peer. */
export const TARGET_KINDS = ['broadcast', 'one', 'allButOne'] as const

export type TargetKind = (typeof TARGET_KINDS)[number]
