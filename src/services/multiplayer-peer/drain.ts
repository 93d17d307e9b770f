import { Subscription } from 'rxjs'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { WebRTCDataChannel } from '../../transport/data-channel.ts'
import { ChannelState } from '../../transport/states.ts'
import type { PeerLink } from './peer-link.ts'

/**
 * Resolves when no channel of a peer has more than `limit` bytes waiting.
 *
 * @throws MultiplayerError `ERR_CONNECTION_ERROR` if the peer is gone before; the signal's reason if it aborts.
 */
export async function drainLink(link: PeerLink, limit: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  for (const channel of link.channels) await drained(channel, limit, signal)
  if (link.state$.value === 'closed' || link.channels.some((channel) => channel.readyState >= ChannelState.CLOSING)) {
    throw new MultiplayerError('ERR_CONNECTION_ERROR', `Peer ${link.id} was gone before everything was sent.`, {
      value: link.id,
    })
  }
}

const isDrained = (channel: WebRTCDataChannel, limit: number): boolean =>
  channel.readyState !== ChannelState.OPEN || channel.bufferedAmount <= limit

/** Resolves when the channel has drained or is not open any more. An application's own threshold is the same again then. */
async function drained(channel: WebRTCDataChannel, limit: number, signal: AbortSignal | undefined): Promise<void> {
  if (isDrained(channel, limit)) return
  await new Promise<void>((resolve, reject) => {
    const subscriptions = new Subscription()
    const look = (): void => {
      if (signal?.aborted === true) reject(signal.reason as Error)
      else if (isDrained(channel, limit)) resolve()
      else return
      subscriptions.unsubscribe()
    }
    // Watched before the next look, so that nothing is missed in between.
    const { bufferedAmountLowThreshold } = channel
    if (bufferedAmountLowThreshold !== limit) {
      channel.bufferedAmountLowThreshold = limit
      subscriptions.add(() => (channel.bufferedAmountLowThreshold = bufferedAmountLowThreshold))
    }
    subscriptions.add(channel.bufferedAmountLow$.subscribe(look))
    subscriptions.add(channel.readyState$.subscribe(look))
    signal?.addEventListener('abort', look)
    subscriptions.add(() => signal?.removeEventListener('abort', look))
    look()
  })
}
