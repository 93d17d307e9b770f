import { type CallbackActorLogic, fromCallback } from 'xstate'
import type { Observable } from 'rxjs'
import { ChannelState, ConnectionState } from '../transport/states.ts'
import type { PeerCloseReason, PeerState } from './peer-state.ts'

/** What the peer machine needs of a peer: states to watch, and a place to report its own to. No packets pass here. */
export interface LinkPort {
  /** The connection's state now and every change. */
  readonly connectionState$: Observable<ConnectionState>
  /** For each channel, its state now and every change. */
  readonly channelStates$: readonly Observable<ChannelState>[]
  /** For each channel, whether what was sent on it may be lost; nobody waits for those when the other side closes. */
  readonly lossy: readonly boolean[]
  /** The machine entered this state. `connected` opens the gate for packets, `closed` (with its reason) shuts it for good. */
  entered(state: PeerState, reason?: PeerCloseReason): void
  /** Lets go of the connection. Called when the machine has closed or was stopped. Must not throw. */
  release(): void
}

/** What the transport reports to the peer machine. */
export type LinkEvent =
  { type: 'connection.state'; state: ConnectionState } | { type: 'channel.state'; index: number; state: ChannelState }

/**
 * Watches a connection and its channels for the peer machine that invokes it. The connection is released in its cleanup, because that
 * is the one thing XState runs however the machine ends (`actor.stop()` runs no exit actions). The states in which the machine begins are not
 * reported: each event costs it microseconds and kilobytes.
 */
export const linkLogic: CallbackActorLogic<{ type: 'none' }, { link: LinkPort }> = fromCallback<
  { type: 'none' },
  { link: LinkPort }
>(({ input: { link }, sendBack }) => {
  const subscriptions = [
    link.connectionState$.subscribe((state) => {
      if (state !== ConnectionState.NEW) sendBack({ type: 'connection.state', state } satisfies LinkEvent)
    }),
    ...link.channelStates$.map((state$, index) =>
      state$.subscribe((state) => {
        if (state !== ChannelState.CONNECTING) sendBack({ type: 'channel.state', index, state } satisfies LinkEvent)
      }),
    ),
  ]
  return () => {
    for (const subscription of subscriptions) subscription.unsubscribe()
    link.release()
  }
})
