import type { MultiplayerErrorCode } from '../../multiplayer-error.ts'
import type { MeshModelEvent, MeshModelOptions, MeshModelState } from './mesh-model-types.ts'

const CHANNELS = [0, 1, 2] as const
const TIMES = ['drain', 'healing', 'dial'] as const

/**
 * The events of `meshModel`: every one of the peers `ids`, and the main ones (one kind of loss, no times) of `others`. All with all are many: two peers have 2022 transitions, one and
 * another by its main ones 450. On connections on which time cannot be moved only the main ones are possible.
 */
export function meshModelEvents(ids: readonly number[], others: readonly number[] = []): MeshModelEvent[] {
  return [
    { type: 'START' },
    ...[...ids, ...others].flatMap((id): MeshModelEvent[] => [
      { type: 'ADD', id },
      { type: 'ADD_REFUSED', id },
      { type: 'OPEN', id },
      { type: 'LOST', id, state: 'CLOSED' },
      { type: 'REMOVE', id },
      { type: 'DISCONNECT', id },
      { type: 'FORCE', id },
    ]),
    ...ids.flatMap((id): MeshModelEvent[] => [
      { type: 'LOST', id, state: 'DISCONNECTED' },
      { type: 'LOST', id, state: 'FAILED' },
      ...CHANNELS.map((channel) => ({ type: 'CHANNEL_CLOSES' as const, id, channel })),
      { type: 'WAVERS', id },
      { type: 'HEALS', id },
    ]),
    ...(ids.length === 0 ? [] : TIMES.map((of) => ({ type: 'TIME_OUT' as const, of }))),
    { type: 'CLOSE' },
  ]
}

/** Godot's ids are positive numbers of 31 bits. */
export function isMeshModelId(id: number): boolean {
  return Number.isInteger(id) && id >= 1 && id < 2 ** 31
}

/**
 * With which error a mesh refuses an event in this state; null for those that are no calls, or whose call has nothing to do and says so. In the order of Godot's `add_peer`; the own id and
 * an id twice are refused by this library.
 */
export function meshModelRefusal(
  { mode, uniqueId }: MeshModelOptions,
  { value, context: { peers } }: MeshModelState,
  event: MeshModelEvent,
): MultiplayerErrorCode | null {
  if (event.type === 'START') return peers.length > 0 ? 'ERR_ALREADY_IN_USE' : null
  if (event.type !== 'ADD' && event.type !== 'ADD_REFUSED') return null
  if (value === 'unstarted') return 'ERR_UNCONFIGURED'
  if (mode === 'client' && event.id !== 1) return 'ERR_INVALID_PARAMETER'
  if (!isMeshModelId(event.id) || event.id === uniqueId) return 'ERR_INVALID_PARAMETER'
  if (event.type === 'ADD_REFUSED') return 'ERR_UNAUTHORIZED'
  return peers.some(({ id }) => id === event.id) ? 'ERR_ALREADY_IN_USE' : null
}
