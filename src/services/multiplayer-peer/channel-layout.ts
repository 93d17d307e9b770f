import type { DataChannelOptions } from '../../transport/data-channel.ts'
import { checkWhole, invalid } from '../../checks.ts'
import { TransferMode } from './packet.ts'

/** One channel between two peers, as both create it. */
export interface ChannelPlan {
  readonly label: string
  readonly options: DataChannelOptions
  readonly mode: TransferMode
  /** What an application calls it: 0 for the default channels, 1, 2, ... for the extra ones. */
  readonly channel: number
}

/** The modes of the channels that every peer has, in their order; extra ones follow. */
const DEFAULT_MODES: readonly TransferMode[] = [
  TransferMode.RELIABLE,
  TransferMode.UNRELIABLE_ORDERED,
  TransferMode.UNRELIABLE,
]

const DEFAULT_LABELS = ['reliable', 'ordered', 'unreliable']

/** Milliseconds for unreliable extra channels; `unreliableLifetime` does not apply to them (Godot 4). */
const EXTRA_CHANNEL_LIFETIME = 1

/**
 * The channels of a peer, as Godot 3 and 4 lay them out on the wire: negotiated, so only the stream ids must agree.
 *
 * | index | label | id | ordered | lifetime |
 * |---|---|---|---|---|
 * | 0 | `reliable` | 1 | yes | |
 * | 1 | `ordered` | 2 | yes | unreliableLifetime |
 * | 2 | `unreliable` | 3 | no | unreliableLifetime |
 * | 3 + i | the id as text | 4 + i | unless UNRELIABLE | 1 ms unless RELIABLE |
 *
 * The engine means to limit the life time too but misspells the option, so what it sends is reliable on all of them; each side decides for what
 * it sends, so real unreliability here is compatible.
 */
export function channelLayout(channelsConfig: readonly TransferMode[], unreliableLifetime: number): ChannelPlan[] {
  return [...DEFAULT_MODES, ...channelsConfig].map((mode, index) => {
    const id = index + 1
    const label = DEFAULT_LABELS[index]
    const maxPacketLifeTime = label === undefined ? EXTRA_CHANNEL_LIFETIME : unreliableLifetime
    return {
      label: label ?? String(id),
      options: {
        negotiated: true,
        id,
        ordered: mode !== TransferMode.UNRELIABLE,
        ...(mode !== TransferMode.RELIABLE && { maxPacketLifeTime }),
      },
      mode,
      channel: Math.max(0, id - DEFAULT_MODES.length),
    }
  })
}

/**
 * Index of the channel that a packet travels on.
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for a mode or channel that does not exist.
 */
export function channelIndex(mode: TransferMode, channel: number, extraChannels: number): number {
  if (channel !== 0) {
    checkWhole('The channel (0, or an extra one of channelsConfig)', channel, 0, extraChannels)
    return DEFAULT_MODES.length + channel - 1
  }
  const index = DEFAULT_MODES.indexOf(mode)
  if (index < 0) throw noMode(mode)
  return index
}

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` if an entry is no transfer mode. Nothing is stored then (Godot keeps the valid prefix). */
export function checkChannelsConfig(channelsConfig: readonly TransferMode[]): void {
  if (!Array.isArray(channelsConfig)) throw invalid('channelsConfig must be an array of TransferMode.', channelsConfig)
  for (const mode of channelsConfig as readonly TransferMode[]) if (!DEFAULT_MODES.includes(mode)) throw noMode(mode)
}

function noMode(mode: unknown): Error {
  return invalid(`${String(mode)} is no TransferMode; use 0, 1 or 2.`, mode)
}
