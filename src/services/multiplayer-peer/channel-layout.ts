import { MultiplayerError } from '../../multiplayer-error.ts'
import type { DataChannelOptions } from '../../transport/data-channel.ts'
import { TransferMode } from './packet.ts'

/** One channel between two peers, as both create it. */
export interface ChannelPlan {
  readonly label: string
  readonly options: DataChannelOptions
  readonly mode: TransferMode
  /** What an application calls it: 0 for the default channels, 1, 2, ... for the extra ones. */
  readonly channel: number
}

/** How many channels every peer has; extra ones follow. */
export const DEFAULT_CHANNELS = 3

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
  const negotiated = true
  const maxPacketLifeTime = unreliableLifetime
  return [
    { label: 'reliable', options: { negotiated, id: 1, ordered: true }, mode: TransferMode.RELIABLE, channel: 0 },
    {
      label: 'ordered',
      options: { negotiated, id: 2, ordered: true, maxPacketLifeTime },
      mode: TransferMode.UNRELIABLE_ORDERED,
      channel: 0,
    },
    {
      label: 'unreliable',
      options: { negotiated, id: 3, ordered: false, maxPacketLifeTime },
      mode: TransferMode.UNRELIABLE,
      channel: 0,
    },
    ...channelsConfig.map((mode, i): ChannelPlan => {
      const id = DEFAULT_CHANNELS + 1 + i
      const ordered = mode !== TransferMode.UNRELIABLE
      const lifetime = mode === TransferMode.RELIABLE ? {} : { maxPacketLifeTime: EXTRA_CHANNEL_LIFETIME }
      return { label: String(id), options: { negotiated, id, ordered, ...lifetime }, mode, channel: i + 1 }
    }),
  ]
}

/** Index of each default channel by its mode. */
const INDEX_OF_MODE: Readonly<Record<TransferMode, number>> = {
  [TransferMode.RELIABLE]: 0,
  [TransferMode.UNRELIABLE_ORDERED]: 1,
  [TransferMode.UNRELIABLE]: 2,
}

/**
 * Index of the channel that a packet travels on.
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for a mode or channel that does not exist.
 */
export function channelIndex(mode: TransferMode, channel: number, channelCount: number): number {
  if (channel === 0) {
    const index = INDEX_OF_MODE[mode] as number | undefined
    if (index === undefined) {
      throw new MultiplayerError('ERR_INVALID_PARAMETER', `${String(mode)} is no TransferMode; use 0, 1 or 2.`, {
        value: mode,
      })
    }
    return index
  }
  const index = channel + DEFAULT_CHANNELS - 1
  if (!Number.isInteger(channel) || channel < 0 || index >= channelCount) {
    throw new MultiplayerError(
      'ERR_INVALID_PARAMETER',
      `There is no channel ${String(channel)}: this mesh has 0 to ${channelCount - DEFAULT_CHANNELS}. ` +
        'Extra channels are named in channelsConfig when the mesh is created.',
      { value: channel },
    )
  }
  return index
}

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` if an entry is no transfer mode. Nothing is stored then (Godot keeps the valid prefix). */
export function checkChannelsConfig(channelsConfig: readonly TransferMode[]): void {
  if (!Array.isArray(channelsConfig)) {
    throw new MultiplayerError('ERR_INVALID_PARAMETER', 'channelsConfig must be an array of TransferMode.', {
      value: channelsConfig,
    })
  }
  for (const mode of channelsConfig as readonly unknown[]) {
    if (typeof mode !== 'number' || !(mode in INDEX_OF_MODE)) {
      throw new MultiplayerError(
        'ERR_INVALID_PARAMETER',
        `channelsConfig: ${String(mode)} is no TransferMode (0, 1, 2).`,
        {
          value: mode,
        },
      )
    }
  }
}
