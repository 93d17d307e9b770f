import type { MachineDefinition } from '../../services/inspector/wire/definition.ts'
import type {
  ActorKind,
  InspectorMessage,
  JsonObject,
  LinkFacts,
  SnapshotView,
  TransitionTaken,
} from '../../services/inspector/wire/messages.ts'

/** A process or page that reports. */
export interface SourceState {
  readonly source: string
  readonly name: string
  readonly platform: 'node' | 'browser' | 'unknown'
  readonly detail: string
  readonly version: string
  /** Whether it has ended, or its socket is lost. */
  readonly isGone: boolean
}

/** One actor, alive or ended. */
export interface ActorState {
  readonly sessionId: string
  readonly source: string
  readonly name: string
  readonly kind: ActorKind
  readonly group: string
  readonly uniqueId: number
  readonly parentId: string | null
  readonly rootId: string
  /** Key of its machine in {@link InspectorState.machines}; null for actors that are no machines. */
  readonly machine: string | null
  readonly snapshot: SnapshotView
  readonly startedAt: number
  /** Null while it lives. */
  readonly endedAt: number | null
  /** What led to the present state. */
  readonly last: {
    readonly eventType: string
    readonly transitions: readonly TransitionTaken[]
    readonly time: number
  } | null
}

/** One sample of one end of a link, for plots; rates are between this sample and the one before. */
export interface LinkSample {
  readonly time: number
  /** Milliseconds; null while unknown. */
  readonly roundTripTime: number | null
  /** Payload per second. */
  readonly sentBytesPerSecond: number
  readonly receivedBytesPerSecond: number
  readonly sentPacketsPerSecond: number
  readonly receivedPacketsPerSecond: number
  /** Bytes that wait to be sent, over all channels. */
  readonly bufferedAmount: number
  /** Packets dropped per second, whatever the reason. */
  readonly dropsPerSecond: number
}

/** What one side tells of a link. */
export interface LinkEnd {
  /** Id of the side that tells. */
  readonly from: number
  /** Session id of its mesh actor. */
  readonly meshId: string
  readonly facts: LinkFacts
  /** The newest sample is the last; at most as many as plots show. Made when first read: pictures that need the present alone read `newest`. */
  readonly samples: readonly LinkSample[]
  /** Null before there were two looks at it. */
  readonly newest: LinkSample | null
  /** When the link was last told of; null while it is. */
  readonly goneAt: number | null
}

/** A pair of peers, at least one of which tells of the other, or has given it up. */
export interface LinkState {
  /** `group|low-high`. */
  readonly key: string
  readonly group: string
  readonly low: number
  readonly high: number
  /** By the id of the side that tells; one or two, or none where a verdict alone tells of the pair. */
  readonly ends: ReadonlyMap<number, LinkEnd>
  /** The newest verdict on the pair; null once it is connected. */
  readonly verdict: VerdictState | null
}

/** A peer: one that reports, or one that others tell of (a Godot game, as an example). */
export interface PeerState {
  /** `group|id`. */
  readonly key: string
  readonly group: string
  readonly id: number
  /** Session id of its mesh actor; null if only others tell of it. */
  readonly meshId: string | null
  /** Godot's number of the connection status; null if unknown. */
  readonly status: number | null
  readonly mode: string | null
  /** Null while it is there. */
  readonly goneAt: number | null
}

/** One line of the timeline. */
export interface LogEntry {
  /** Its place in the whole session, from 0 on; stays the same when old ones are forgotten. */
  readonly index: number
  readonly time: number
  readonly source: string
  readonly seq: number
  readonly kind: 'source' | 'actor' | 'event' | 'snapshot' | 'end' | 'verdict' | 'packet'
  /** The actor's session id; empty for sources and verdicts. */
  readonly sessionId: string
  /** The actor as it was called then: `2/peer:7` for the actor `peer:7` of peer 2; of a source its name; of a verdict the pair. */
  readonly label: string
  readonly group: string
  /** One line of text: the event's type, the state, the verdict. */
  readonly text: string
  /** Whether the actor's state value is another one than before. */
  readonly isTransition: boolean
  readonly message: InspectorMessage
  /** Index of the entry of the event that led here; null if unknown. */
  readonly causedBy: number | null
}

export interface VerdictState {
  readonly group: string
  readonly uniqueId: number
  readonly peer: number
  readonly time: number
  readonly reason: string
  readonly message: string
  readonly verdict: JsonObject
  /** Index of its entry in the log. */
  readonly entry: number
}

/**
 * Everything that the views draw. Maps and lists are changed in place; `version` counts the changes, so that a view can tell whether to draw again. What they hold is never
 * changed but replaced, so that a view can tell by identity what to draw again.
 */
export interface InspectorState {
  readonly version: number
  /** Time of the newest message; 0 before the first. */
  readonly time: number
  readonly sources: ReadonlyMap<string, SourceState>
  readonly actors: ReadonlyMap<string, ActorState>
  /** Definitions by `source machine`; of what the source has told. */
  readonly machines: ReadonlyMap<string, MachineDefinition>
  readonly peers: ReadonlyMap<string, PeerState>
  readonly links: ReadonlyMap<string, LinkState>
  readonly verdicts: readonly VerdictState[]
  /** The newest entries; old ones are forgotten beyond a limit while live, none in a recording. */
  readonly log: readonly LogEntry[]
}
