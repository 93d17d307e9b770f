import type { IceCandidate, SessionDescription } from 'webrtc-multiplayer'

/** What one peer has to tell another before they are connected. */
export type Signal =
  ({ readonly is: 'description' } & SessionDescription) | ({ readonly is: 'candidate' } & IceCandidate)

export interface ToRoom {
  readonly to: number
  readonly signal: Signal
}

export type FromRoom =
  /** The first message: the id that the newcomer gets, and who is there already; the newcomer makes an offer to each of them. */
  | { readonly is: 'welcome'; readonly id: number; readonly others: readonly number[] }
  | { readonly is: 'joined'; readonly id: number }
  | { readonly is: 'left'; readonly id: number }
  | { readonly is: 'signal'; readonly from: number; readonly signal: Signal }

/** More than any description or candidate takes here. */
export const MAX_MESSAGE_BYTES = 32 * 1024

/** What a member sent, made of checked parts only; null if it is nothing that the room relays. */
export function parseToRoom(text: string): ToRoom | null {
  const message = parseObject(text)
  const { to, signal } = message
  if (typeof to !== 'number' || typeof signal !== 'object' || signal === null) return null
  const checked = checkSignal(signal as Record<string, unknown>)
  return checked && { to, signal: checked }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>
  } catch {
    return {}
  }
}

function checkSignal({ is, type, sdp, media, index, name }: Record<string, unknown>): Signal | null {
  if (is === 'description' && (type === 'offer' || type === 'answer') && typeof sdp === 'string') {
    return { is, type, sdp }
  }
  if (is === 'candidate' && typeof media === 'string' && typeof index === 'number' && typeof name === 'string') {
    return { is, media, index, name }
  }
  return null
}
