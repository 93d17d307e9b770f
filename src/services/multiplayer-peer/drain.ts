import { EMPTY, type Observable, filter, firstValueFrom, fromEvent, map, merge, throwError, switchMap } from 'rxjs'
import { ChannelState } from '../../transport/states.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { PeerLink } from './peer-link.ts'

/**
 * Resolves when no channel of a peer has more than `limit` bytes waiting.
 *
 * @throws MultiplayerError `ERR_CONNECTION_ERROR` if the peer is gone before; the signal's reason if it aborts.
 */
export async function drainLink(link: PeerLink, limit: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  const aborted$: Observable<never> = signal
    ? fromEvent(signal, 'abort').pipe(switchMap(() => throwError(() => signal.reason as unknown)))
    : EMPTY
  for (const channel of link.channels) {
    while (channel.readyState === ChannelState.OPEN && channel.bufferedAmount > limit) {
      const low$ = channel.bufferedAmountLow$
      const shut$ = channel.readyState$.pipe(
        filter((state) => state !== ChannelState.OPEN),
        map(() => undefined),
      )
      await firstValueFrom(merge(low$, shut$, aborted$), { defaultValue: undefined })
    }
  }
  if (link.state$.value === 'closed' || link.channels.some((channel) => channel.readyState >= ChannelState.CLOSING)) {
    throw new MultiplayerError('ERR_CONNECTION_ERROR', `Peer ${link.id} was gone before everything was sent.`, {
      value: link.id,
    })
  }
}
