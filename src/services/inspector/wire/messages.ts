/**
 * What an inspector is told, as JSON: a superset of the three messages of `@statelyai/inspect` 0.7 (`@xstate.actor`, `@xstate.event`, `@xstate.snapshot`), so that its inspectors can feed
 * the page of this package and the recorder here can feed theirs. What is ours has other names of types, or members that theirs does not know.
 */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/** What every message has. */
export interface Stamp {
  /** The process or page that reports; unique among those of one inspector, without a slash. */
  readonly source: string
  /** Counts the messages of a source, from 1 on. */
  readonly seq: number
  /** When it happened, not when it was sent: milliseconds since 1970, with fractions. */
  readonly time: number
}

/** Members that `@statelyai/inspect` wants in each of its messages. */
export interface StatelyStamp {
  readonly id: null
  /** Of the format: that of the version of `@statelyai/inspect` that it follows. */
  readonly _version: string
  /** `time` as text, whole milliseconds. */
  readonly createdAt: string
  /** The actor's, unique among all sources: `source` and the session id that XState gave it. */
  readonly sessionId: string
  /** Of the actor at the root of its system. */
  readonly rootId: string
}

/** Which machine of this package an actor runs; `other` for those of applications. */
export type ActorKind = 'mesh' | 'peer' | 'negotiation' | 'authentication' | 'other'

/** A process or page has begun to report. The first message of each source, and again for whoever looks late. */
export interface SourceMessage extends Stamp {
  readonly type: 'webrtc.source'
  readonly name: string
  readonly platform: 'node' | 'browser'
  /** `process 4711`, or the page's user agent. */
  readonly detail: string
  /** The version of this package. */
  readonly version: string
}

/** It reports no more: it has ended, or its socket is lost. */
export interface SourceGoneMessage extends Stamp {
  readonly type: 'webrtc.source-gone'
}

/** A snapshot of an actor, without what cannot be sent: context by whitelist. */
export interface SnapshotView {
  readonly status: 'active' | 'done' | 'error' | 'stopped'
  /** XState's state value: a name, or an object for compound states. Missing for actors that are no machines. */
  readonly value?: Json
  readonly context?: JsonObject
  readonly output?: Json
  /** The message of the error. */
  readonly error?: string
}

/** An actor is there. Also told again to whoever looks late, with the snapshot of that moment. */
export interface ActorMessage extends Stamp, StatelyStamp {
  readonly type: '@xstate.actor'
  /** Its id in XState: `peer:7`. */
  readonly name: string
  readonly parentId?: string
  readonly snapshot: SnapshotView
  /** JSON text of its machine, in the form of a machine's config with all targets resolved (see `definition.ts`). Only with the first actor of each machine that a source tells of. */
  readonly definition?: string
  /** Names the machine among those of a source, for actors without `definition`. */
  readonly machine?: string
  readonly kind: ActorKind
  /** Actors and links of one group belong to one mesh, so that peers of the same id are the same peer: the lobby's name, or what the application has called it. */
  readonly group: string
  /** The id that this side has in the group; 0 before its mesh was started. */
  readonly uniqueId: number
}

/** An event was given to an actor. */
export interface EventMessage extends Stamp, StatelyStamp {
  readonly type: '@xstate.event'
  readonly event: JsonObject & { readonly type: string }
  /** Who sent it, if it was an actor. */
  readonly sourceId?: string
}

/** A transition that was taken, as states by their ids (`mesh.connected`); together with `guard` it names one transition of the machine's definition. */
export interface TransitionTaken {
  /**
   * What the transition waits for, as the machine has it: the type of an event, or a pattern of such (`xstate.error.actor.*`); empty for `always`; `xstate.after.DELAY.STATE` for
   * `after`, with the delay's milliseconds or name; `xstate.done.state.STATE` for `onDone`.
   */
  readonly eventType: string
  /** The state that has the transition: an active one, or one around it. */
  readonly from: string
  /** Its targets, as in the definition but without `#`; empty for a transition without a target. */
  readonly to: readonly string[]
  readonly guard?: string
}

/**
 * An actor has another snapshot, or has ended (the last message of it, with another status than `active`). One that is alive but no longer watched ends so too, with an event of type
 * `webrtc.unwatched`.
 */
export interface SnapshotMessage extends Stamp, StatelyStamp {
  readonly type: '@xstate.snapshot'
  readonly event: JsonObject & { readonly type: string }
  readonly snapshot: SnapshotView
  /** `seq` of the event message that led here. */
  readonly causedBy?: number
  readonly transitions?: readonly TransitionTaken[]
}

/** One end of the path that packets take. */
export interface CandidateView {
  readonly type: string
  readonly protocol: string
  readonly address: string
  readonly port: number
}

/** Counters of one channel to one peer, from its beginning on. */
export interface ChannelFacts {
  readonly label: string
  readonly channel: number
  /** Godot's number of the transfer mode. */
  readonly mode: number
  readonly sentPackets: number
  readonly sentBytes: number
  readonly receivedPackets: number
  readonly receivedBytes: number
  readonly droppedPackets: number
  /** Bytes that wait to be sent now. */
  readonly bufferedAmount: number
}

/** What is known of a connection to one peer. */
export interface LinkFacts {
  readonly peer: number
  /** The state of its peer actor. */
  readonly state: string
  /** Milliseconds; null while unknown. */
  readonly roundTripTime: number | null
  readonly pair: { readonly local: CandidateView; readonly remote: CandidateView } | null
  readonly channels: readonly ChannelFacts[]
  /** Packets that were dropped, by reason, from the connection's beginning on. */
  readonly drops: Readonly<Record<string, number>>
}

/** The connections of one mesh, a few times a second while somebody looks. */
export interface FactsMessage extends Stamp {
  readonly type: 'webrtc.facts'
  /** Of the mesh actor. */
  readonly sessionId: string
  readonly group: string
  readonly uniqueId: number
  /** Godot's number of the connection status. */
  readonly status: number
  readonly links: readonly LinkFacts[]
}

/** Why two peers did not connect, in words and as the lobby's `Verdict`. */
export interface VerdictMessage extends Stamp {
  readonly type: 'webrtc.verdict'
  readonly group: string
  readonly uniqueId: number
  readonly peer: number
  readonly reason: string
  readonly message: string
  /** The whole verdict: candidates, step, attempts. */
  readonly verdict: JsonObject
}

/** A packet has passed, sent or received. Only of meshes whose packets were asked for, and of a flood only some. */
export interface PacketMessage extends Stamp {
  readonly type: 'webrtc.packet'
  /** Of the mesh actor. */
  readonly sessionId: string
  readonly group: string
  readonly uniqueId: number
  readonly direction: 'sent' | 'received'
  /** The peer at the other end. */
  readonly peer: number
  readonly channel: number
  /** Godot's number of the transfer mode. */
  readonly mode: number
  /** Bytes. */
  readonly size: number
  /** The first bytes as base64, at most 256; only where the content was asked for. */
  readonly data?: string
  /** Packets of the mesh that have passed untold since the message before; missing for none. */
  readonly skipped?: number
}

/** Everything that is told of what is inspected; what a recording holds, a line each. */
export type InspectorMessage =
  | SourceMessage
  | SourceGoneMessage
  | ActorMessage
  | EventMessage
  | SnapshotMessage
  | FactsMessage
  | VerdictMessage
  | PacketMessage

/** From an inspector to those who report to it: whether anybody looks (or records), so that nothing is paid while nobody does. */
export interface WatchMessage {
  readonly type: 'webrtc.watch'
  readonly active: boolean
  /** Milliseconds between two looks at the connections. */
  readonly sampleInterval: number
}

/** The first line of a recording. */
export interface RecordingHeader {
  readonly type: 'webrtc.recording'
  /** Of the format: 1. */
  readonly version: 1
  /** Milliseconds since 1970. */
  readonly startedAt: number
}
