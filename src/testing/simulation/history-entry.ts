import type { ConnectionStatus } from '../../machines/mesh-types.ts'
import type { TransferMode } from '../../services/multiplayer-peer/packet.ts'

/** Which layer an entry is of: the lobby, the mesh, or the `MultiplayerAPI` on top of it. */
export type HistoryLayer = 'lobby' | 'mesh' | 'api'

interface Entry {
  /** Milliseconds of the history's clock. */
  readonly at: number
}

interface OwnEntry extends Entry {
  /** The name under which it was recorded. */
  readonly on: string
  readonly layer: HistoryLayer
  /** The peer's own id at that time. */
  readonly self: number
}

/** The status has changed, or is what it was when the recording began. */
export interface StatusEntry extends OwnEntry {
  readonly kind: 'status'
  readonly status: ConnectionStatus
  /** Who is to know whom: everyone everyone, or the clients the server alone. */
  readonly topology: 'mesh' | 'star'
  /** With DISCONNECTED, peers that are there nevertheless. */
  readonly peers: readonly number[]
}

/** A peer was announced, or reported gone. */
export interface PeerEntry extends OwnEntry {
  readonly kind: 'connected' | 'disconnected'
  readonly peer: number
  /** Names the connection among all of the history. */
  readonly connection: number
}

/** What entries of packets have in common. */
export interface PacketFacts {
  readonly channel: number
  readonly mode: TransferMode
  /** What tells the packet from others; see `HistoryOptions.label`. */
  readonly packet: string
  readonly connection: number
}

/** A packet was accepted. In the layer `mesh` there is one entry for each peer that it is for, in the layer `api` one with the target as given. */
export interface SendEntry extends OwnEntry, PacketFacts {
  readonly kind: 'send'
  readonly to: number
  /** Names the call of `send` that it is of, where that is known. */
  readonly call?: number
  /** The target of that call. */
  readonly target?: number
}

/** A packet reached the application. */
export interface DeliveryEntry extends OwnEntry, PacketFacts {
  readonly kind: 'deliver'
  readonly from: number
}

/** The recording of that name is over: its streams have completed, or its process died. */
export interface EndEntry extends OwnEntry {
  readonly kind: 'end'
}

/** A fault begins or ends. */
export interface FaultEntry extends Entry {
  readonly kind: 'fault'
  readonly phase: 'begin' | 'end'
  readonly fault: string
  /** The hosts concerned; empty: all. */
  readonly hosts: readonly string[]
}

/** From here on there are no faults; everyone has to agree soon who is there. */
export interface HealedEntry extends Entry {
  readonly kind: 'healed'
  /** Names of all who have to be there then. Absent: those who are. */
  readonly expected?: readonly string[]
}

/** From here on whoever made the history takes everything down. */
export interface ClosingEntry extends Entry {
  readonly kind: 'closing'
}

/** What was there when everything had been closed. */
export interface LeftoversEntry extends Entry {
  readonly kind: 'leftovers'
  readonly what: string
  readonly count: number
}

/** Something threw that nobody caught. */
export interface FailureEntry extends Entry {
  readonly kind: 'failure'
  readonly message: string
}

/** What an application has to say of itself, for rules of its own: its state, a decision, a result. The standard rules take no notice of it. */
export interface NoteEntry extends Entry {
  readonly kind: 'note'
  /** Whom it is about: the name of a recording, or of anything else. */
  readonly on: string
  readonly what: string
  /** Plain JSON that nobody changes later. */
  readonly value?: unknown
}

/** Something that happened. Plain JSON, so that a history can be saved and checked later. */
export type HistoryEntry =
  | StatusEntry
  | PeerEntry
  | SendEntry
  | DeliveryEntry
  | EndEntry
  | FaultEntry
  | HealedEntry
  | ClosingEntry
  | LeftoversEntry
  | FailureEntry
  | NoteEntry

type WithoutTime<Member> = Member extends HistoryEntry ? Omit<Member, 'at'> : never

/** An entry as it is added; the history knows the time. */
export type NewEntry = WithoutTime<HistoryEntry>
