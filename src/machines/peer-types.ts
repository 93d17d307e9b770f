import type { ActorLogic, ActorRef, ActorSystem, ActorSystemInfo, Snapshot } from 'xstate'
import type { LinkEvent, LinkPort } from './link-port.ts'
import type { PeerCloseReason, PeerState } from './peer-state.ts'

/** What a peer reports to the actor that spawned it. */
export type PeerReport =
  | { type: 'peer.open'; id: number; link: LinkPort }
  | { type: 'peer.closed'; id: number; reason: PeerCloseReason; link: LinkPort }

export interface PeerInput {
  /** The remote peer's id. */
  id: number
  link: LinkPort
  /** Milliseconds from the start until the peer must be open. */
  connectTimeout: number
  /** Milliseconds that a connection may be DISCONNECTED, which may heal, before the peer counts as lost. */
  disconnectedTimeout: number
  /** Milliseconds that other channels have to deliver what they hold after the first was closed by the other side. */
  drainTimeout: number
  /** Hears {@link PeerReport}s. */
  parent?: ActorRef<Snapshot<unknown>, PeerReport>
}

export type PeerEvent =
  | LinkEvent
  /** The mesh announced the peer: packets may flow. */
  | { type: 'admit' }
  | { type: 'close'; reason: PeerCloseReason }
  | { type: 'connect.timeout' }
  | { type: 'disconnected.timeout' }

/** What the machine ends with. */
export interface PeerOutput {
  id: number
  reason: PeerCloseReason
}

/** Snapshot of a peer actor. */
export type PeerSnapshot = Snapshot<PeerOutput> & {
  readonly value: PeerState
  readonly context: { readonly id: number; readonly reason: PeerCloseReason | null }
}

/** One peer as actor logic, to be spawned or invoked alone. */
export type PeerLogic = ActorLogic<PeerSnapshot, PeerEvent, PeerInput, ActorSystem<ActorSystemInfo>>
