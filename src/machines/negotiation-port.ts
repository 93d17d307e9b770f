import { type CallbackActorLogic, fromCallback } from 'xstate'
import type { NegotiationCause, NegotiationProgress } from './negotiation-types.ts'

/** An offer that came in, as the port will get it back. */
export interface ReceivedOffer {
  readonly sdp: string
  /** The sender's number of the attempt; null where it gives none, as Godot. */
  readonly number: number | null
}

/** What becomes of attempt number `attempt` of this side. */
export type AttemptEvent =
  /** The other side's answer was applied. */
  | { type: 'answered'; attempt: number }
  /** ICE has found a path. */
  | { type: 'path.found'; attempt: number }
  /** DTLS has agreed on keys: the connection is CONNECTED. */
  | { type: 'secured'; attempt: number }
  /** Every channel is open. */
  | { type: 'opened'; attempt: number }
  | { type: 'failed'; attempt: number; cause: NegotiationCause }
  /** The application removed the peer itself. */
  | { type: 'dismissed'; attempt: number }

/**
 * What the negotiation machine drives. None of its methods may throw; what goes wrong is sent to the machine as an {@link AttemptEvent}, also before the method has returned. No signals
 * pass here but the offer.
 */
export interface NegotiationPort {
  /** Makes a connection and an offer. */
  begin(attempt: number): void
  /** Makes a connection that answers this offer, instead of any there was before. */
  accept(attempt: number, offer: ReceivedOffer): void
  /** Lets go of the present connection, if there is one. */
  abandon(): void
  /** Asks the other side for a fresh offer. */
  ask(): void
  /** The machine entered a state. */
  entered(progress: NegotiationProgress): void
  /** Called when the machine has ended or was stopped. */
  release(): void
}

/** Releases the port of the machine that invokes it, in its cleanup: the one thing that XState runs however the machine ends. */
export const portLogic: CallbackActorLogic<{ type: 'none' }, { port: NegotiationPort }> = fromCallback<
  { type: 'none' },
  { port: NegotiationPort }
>(({ input: { port } }) => () => {
  port.release()
})
