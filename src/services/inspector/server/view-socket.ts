import type { WebSocket } from 'ws'
import type { Entry } from '../hub/entry.ts'
import type { Outlet } from '../hub/feed.ts'
import type { Hub } from '../hub/hub.ts'
import type { MissedMessage } from '../hub/missed-message.ts'

/** Close code "try again later" (RFC 6455 registry): the page connects anew, and begins with what there is then. */
export const TOO_SLOW = 1013

/** Leads what the hub tells to the socket of a page. What the page says is not listened to. */
export function serveViewer(hub: Hub, socket: WebSocket): void {
  const feed = hub.addFeed(new ViewSocket(socket))
  socket.once('close', () => {
    hub.removeFeed(feed)
  })
}

/** Text frames with arrays of messages. */
class ViewSocket implements Outlet {
  readonly #socket: WebSocket

  constructor(socket: WebSocket) {
    this.#socket = socket
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount
  }

  write(entries: readonly Entry[], missed: number): void {
    const texts = entries.map(({ text }) => text)
    const notice: MissedMessage = { type: 'webrtc.missed', count: missed }
    if (missed > 0) texts.unshift(JSON.stringify(notice))
    // It may be closing; that is heard of in any case.
    this.#socket.send(`[${texts.join(',')}]`, () => undefined)
  }

  giveUp(): void {
    this.#socket.close(TOO_SLOW, 'too slow for what is told')
  }
}
