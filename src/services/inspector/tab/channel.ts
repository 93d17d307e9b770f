import { MultiplayerError } from '../../../multiplayer-error.ts'

/** The channel's name where none is given. */
export const DEFAULT_CHANNEL = 'webrtc-multiplayer-inspector'

/** The part of a `BroadcastChannel` that is used here. */
export interface TabChannel {
  onmessage: ((event: never) => void) | null
  postMessage(message: unknown): void
  close(): void
}

/** A window, as far as it matters here. */
export interface TabEvents {
  addEventListener(type: 'pagehide', listener: () => void): void
  removeEventListener(type: 'pagehide', listener: () => void): void
}

/** @throws MultiplayerError `ERR_UNAVAILABLE` where there is no `BroadcastChannel`. */
export function openChannel(name: string): TabChannel {
  const { BroadcastChannel } = globalThis as { BroadcastChannel?: new (name: string) => TabChannel }
  if (BroadcastChannel !== undefined) return new BroadcastChannel(name)
  throw new MultiplayerError(
    'ERR_UNAVAILABLE',
    'There is no BroadcastChannel here; use startInspector() and reportTo() instead.',
  )
}

/** The page's own events; null in a worker. */
export function pageEvents(scope: object = globalThis): TabEvents | null {
  return 'document' in scope ? (scope as object as TabEvents) : null
}
