import { type Clock, realClock } from '../../../clock.ts'
import type { LobbyWebSocket } from '../../lobby/client/web-socket.ts'

/** What Node's timers and sockets have, and those of browsers have not. */
interface Holding {
  ref(): void
  unref(): void
}

/** A socket of the package `ws`. */
interface UpgradingSocket {
  once(event: 'upgrade', listener: (response: { readonly socket: unknown }) => void): void
}

/** The platform's timers, but none of them keeps a Node process alive. */
export const backgroundClock: Clock = {
  ...realClock,
  setTimeout: (callback, milliseconds) => {
    const timer = realClock.setTimeout(callback, milliseconds)
    if (isHolding(timer)) timer.unref()
    return timer
  },
}

/**
 * Lets a Node process end although this socket is open: who only watches must not change how long something runs. Sockets of the package `ws` give away the connection that they are
 * made of when it is there.
 *
 * @returns makes the socket keep the process alive again, so that its close can be awaited.
 */
export function keepInBackground(socket: LobbyWebSocket): () => void {
  let connection: Holding | null = null
  const { once } = socket as Partial<UpgradingSocket>
  once?.call(socket, 'upgrade', ({ socket: made }) => {
    if (!isHolding(made)) return
    connection = made
    connection.unref()
  })
  return () => {
    connection?.ref()
  }
}

function isHolding(value: unknown): value is Holding {
  return typeof value === 'object' && value !== null && 'ref' in value && 'unref' in value
}
