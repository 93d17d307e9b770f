/** From a tab that shows an inspector to the pages of its origin: when it opens, and every second while it is open. */
export interface ViewMessage {
  readonly type: 'webrtc.view'
  /** Which tab it is, so that one that opens while another looks is told everything too. Any text of at most 200 characters. */
  readonly viewer?: string
}

/** @returns who looks; null if this is no {@link ViewMessage}. */
export function readView(data: unknown): string | null {
  if (typeof data !== 'object' || data === null) return null
  const { type, viewer = '' } = data as Partial<Record<keyof ViewMessage, unknown>>
  return type === 'webrtc.view' && typeof viewer === 'string' && viewer.length <= 200 ? viewer : null
}
