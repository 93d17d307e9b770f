import type { PacketMessage, SnapshotView } from '../../services/inspector/wire/messages.ts'
import type { ActorState } from './state.ts'
import { isObject } from './value-text.ts'

/** How an actor is called where there are several: `2/peer:7` is peer 2's actor for peer 7. */
export function labelOf({ uniqueId, name }: Pick<ActorState, 'uniqueId' | 'name'>): string {
  return uniqueId > 0 ? `${uniqueId}/${name}` : name
}

/** `done: channel-closed`, `stopped`, `fails: no such thing`. */
export function endText({ status, output, error }: SnapshotView): string {
  if (status === 'error') return `fails: ${error ?? 'for an unknown reason'}`
  const reason = isObject(output) ? output['reason'] : output
  return typeof reason === 'string' ? `${status}: ${reason}` : status
}

export const inState = (text: string): string => (text === '' ? '' : ` in ${text}`)

/** `sent 20 B to 7, channel 0`. */
export function packetText({ direction, peer, channel, size, skipped = 0 }: PacketMessage): string {
  const way = direction === 'sent' ? 'to' : 'from'
  const untold = skipped > 0 ? `, ${skipped} before it untold` : ''
  return `${direction} ${size} B ${way} ${peer}, channel ${channel}${untold}`
}
