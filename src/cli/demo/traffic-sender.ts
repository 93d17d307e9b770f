import { MultiplayerError } from '../../multiplayer-error.ts'
import type { SendOptions, SendResult } from '../../services/multiplayer-peer/packet.ts'
import { DEMO_CHANNELS, TARGET_KINDS, type TargetKind } from './channels.ts'
import { encodeTraffic } from './packet-format.ts'
import type { SentTally } from './traffic-tally.ts'

/** The part of a mesh that the sender needs. */
export interface TrafficMesh {
  send(data: Uint8Array, options: SendOptions): SendResult
}

/** Sends packets on every channel to every kind of target, and keeps count of what should arrive. */
export class TrafficSender {
  readonly #mesh: TrafficMesh
  readonly #tallies: SentTally[]
  #round = 0

  constructor(mesh: TrafficMesh) {
    this.#mesh = mesh
    this.#tallies = DEMO_CHANNELS.flatMap((_, channel) =>
      TARGET_KINDS.map((_kind, target) => ({
        channel,
        target,
        packets: 0,
        expected: 0,
        dropped: 0,
        skipped: 0,
        refused: 0,
      })),
    )
  }

  /**
   * Sends one packet on each channel to each kind of target.
   *
   * @param peers - the peers of the mesh; the one that is sent to, or left out, changes from round to round.
   */
  sendRound(peers: readonly number[]): void {
    const chosen = peers[this.#round++ % peers.length]
    if (chosen === undefined) return
    for (const tally of this.#tallies) this.#send(tally, chosen)
  }

  tally(): readonly SentTally[] {
    return this.#tallies
  }

  #send(tally: SentTally, chosen: number): void {
    const { channel: index, target } = tally
    const channel = DEMO_CHANNELS[index]
    const kind = TARGET_KINDS[target]
    if (channel === undefined || kind === undefined) return
    const to = targetOf(kind, chosen)
    const data = encodeTraffic({ channel: index, target, sequence: tally.packets++, to }, channel.packetSize)
    try {
      const result = this.#mesh.send(data, { to, mode: channel.mode, channel: channel.channel })
      tally.expected += result.sent
      tally.dropped += result.dropped
      tally.skipped += result.skipped
    } catch (error) {
      // A peer that is about to leave takes nothing any more.
      if (!(error instanceof MultiplayerError)) throw error
      tally.refused++
    }
  }
}

function targetOf(kind: TargetKind, chosen: number): number {
  switch (kind) {
    case 'broadcast':
      return 0
    case 'one':
      return chosen
    case 'allButOne':
      return -chosen
  }
}
