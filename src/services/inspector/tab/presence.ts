/** The part of a page's `navigator.locks` (Web Locks) that is used here. */
interface Locks {
  request(name: string, options: { readonly signal?: AbortSignal }, granted: () => Promise<void>): Promise<void>
}

/** Begins the names of locks; the source follows. */
const PREFIX = 'webrtc-multiplayer-inspector/'

/**
 * Shows those who look that this page lives, by a lock that the browser takes from it however it ends: killed, crashed, or closed before its last words were out, which Firefox loses when
 * it is busy. In pages that are not secure contexts there are no locks, and nothing is shown.
 *
 * @returns ceases to show it.
 */
export function showPresence(source: string): () => void {
  let leave = (): void => undefined
  const left = new Promise<void>((resolve) => {
    leave = resolve
  })
  locks()
    ?.request(PREFIX + source, {}, () => left)
    // A page that is just going away gets none.
    .catch(() => undefined)
  return leave
}

/** Calls `absent` when a page that showed its presence is gone, unless the signal aborts before; at once if none shows it. Never where there are no locks. */
export function whenAbsent(source: string, signal: AbortSignal, absent: () => void): void {
  locks()
    ?.request(PREFIX + source, { signal }, () => {
      absent()
      return Promise.resolve()
    })
    .catch(() => undefined)
}

function locks(): Locks | undefined {
  const { navigator } = globalThis as { navigator?: { locks?: Locks } }
  return navigator?.locks
}
