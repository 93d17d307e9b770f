interface Page {
  addEventListener?(type: 'pagehide', listener: () => void): void
  removeEventListener?(type: 'pagehide', listener: () => void): void
}

/**
 * Calls back when the page goes away: closed, reloaded, left. Its connections would otherwise be left to the time-outs of the others, measured 30 s
 * (Chromium's closed tab). Nothing happens where there is no page.
 *
 * @returns a function that takes the listener off.
 */
export function onPageHide(callback: () => void): () => void {
  const page = globalThis as Page
  page.addEventListener?.('pagehide', callback)
  return () => page.removeEventListener?.('pagehide', callback)
}
