import type { MachineDefinition } from '../../services/inspector/wire/definition.ts'
import type {
  ActorMessage,
  EventMessage,
  FactsMessage,
  InspectorMessage,
  PacketMessage,
  SnapshotMessage,
  VerdictMessage,
} from '../../services/inspector/wire/messages.ts'
import { readDefinition } from './definition.ts'
import { endText, inState, labelOf, packetText } from './entry-text.ts'
import { LogBook } from './log-book.ts'
import { MeshBook } from './mesh-book.ts'
import type { ActorState, InspectorState, LinkState, LogEntry, PeerState, SourceState, VerdictState } from './state.ts'
import { valueText } from './value-text.ts'

/** Entries of the timeline that are kept of what is live. */
export const LIVE_LOG_LIMIT = 20_000
/** Of actors that have ended, for whoever wants to know how. */
const ENDED_KEPT = 1_000
const VERDICTS_KEPT = 500
/** Of sources that are gone: each page that is loaded again is another one. */
const GONE_SOURCES_KEPT = 100
/** Milliseconds of the session between two times that what is gone is forgotten. */
const SWEEP_INTERVAL = 1_000

/** All that a session is at one moment, but its log: of that only how far it goes. */
export interface Keyframe {
  readonly time: number
  readonly sources: ReadonlyMap<string, SourceState>
  readonly actors: ReadonlyMap<string, Actor>
  readonly machines: ReadonlyMap<string, MachineDefinition>
  readonly meshes: MeshBook
  readonly verdicts: readonly VerdictState[]
  readonly ended: readonly string[]
  readonly goneSources: readonly string[]
  readonly nextSweep: number
  readonly logEnd: number
}

interface Actor extends ActorState {
  /** Of the message that its snapshot is from: older ones that come late do not count. */
  readonly seq: number
}

/** What is inspected, as told by messages. Says nothing that they do not say, so the same messages always make the same session. */
export class Session implements InspectorState {
  #version = 0
  #time = 0
  #sources = new Map<string, SourceState>()
  #actors = new Map<string, Actor>()
  #machines = new Map<string, MachineDefinition>()
  #meshes = new MeshBook()
  #verdicts: VerdictState[] = []
  #log: LogBook
  /** Session ids of actors that have ended, in that order. */
  #ended: string[] = []
  /** Sources that are gone, in that order. */
  #goneSources: string[] = []
  #nextSweep = 0
  readonly #logLimit: number
  readonly #listeners = new Set<() => void>()

  constructor({ logLimit = LIVE_LOG_LIMIT }: { readonly logLimit?: number } = {}) {
    this.#logLimit = logLimit
    this.#log = new LogBook(logLimit)
  }

  get version(): number {
    return this.#version
  }

  get time(): number {
    return this.#time
  }

  get sources(): ReadonlyMap<string, SourceState> {
    return this.#sources
  }

  get actors(): ReadonlyMap<string, ActorState> {
    return this.#actors
  }

  get machines(): ReadonlyMap<string, MachineDefinition> {
    return this.#machines
  }

  get peers(): ReadonlyMap<string, PeerState> {
    return this.#meshes.peers
  }

  get links(): ReadonlyMap<string, LinkState> {
    return this.#meshes.links
  }

  get verdicts(): readonly VerdictState[] {
    return this.#verdicts
  }

  get log(): readonly LogEntry[] {
    return this.#log.entries
  }

  /** The listener hears of each change; it shall not draw, but note that there is something to draw. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  apply(message: InspectorMessage): void {
    this.applyAll([message])
  }

  /** Takes messages in the order in which they came; who listens hears once of all. */
  applyAll(messages: Iterable<InspectorMessage>): void {
    for (const message of messages) this.#take(message)
    this.#changed()
  }

  /** The session of this moment, to come back to with {@link restore}. */
  keyframe(): Keyframe {
    return {
      time: this.#time,
      sources: new Map(this.#sources),
      actors: new Map(this.#actors),
      machines: new Map(this.#machines),
      meshes: this.#meshes.copy(),
      verdicts: [...this.#verdicts],
      ended: [...this.#ended],
      goneSources: [...this.#goneSources],
      nextSweep: this.#nextSweep,
      logEnd: this.#log.end,
    }
  }

  /** @param log - entries of the session, at least those up to the keyframe. */
  restore(keyframe: Keyframe, log: readonly LogEntry[]): void {
    this.#time = keyframe.time
    this.#sources = new Map(keyframe.sources)
    this.#actors = new Map(keyframe.actors)
    this.#machines = new Map(keyframe.machines)
    this.#meshes = keyframe.meshes.copy()
    this.#verdicts = [...keyframe.verdicts]
    this.#ended = [...keyframe.ended]
    this.#goneSources = [...keyframe.goneSources]
    this.#nextSweep = keyframe.nextSweep
    this.#log = new LogBook(this.#logLimit, log.slice(0, keyframe.logEnd))
    this.#changed()
  }

  #changed(): void {
    this.#version++
    for (const listener of this.#listeners) listener()
  }

  #take(message: InspectorMessage): void {
    this.#time = Math.max(this.#time, message.time)
    if (this.#time >= this.#nextSweep) {
      this.#nextSweep = this.#time + SWEEP_INTERVAL
      this.#meshes.sweep(this.#time)
    }
    switch (message.type) {
      case 'webrtc.source':
        this.#source(message)
        break
      case 'webrtc.source-gone':
        this.#sourceGone(message)
        break
      case '@xstate.actor':
        this.#actor(message)
        break
      case '@xstate.event':
        this.#event(message)
        break
      case '@xstate.snapshot':
        this.#snapshot(message)
        break
      case 'webrtc.facts':
        this.#facts(message)
        break
      case 'webrtc.verdict':
        this.#verdict(message)
        break
      case 'webrtc.packet':
        this.#packet(message)
        break
    }
  }

  #source(message: Extract<InspectorMessage, { type: 'webrtc.source' }>): void {
    const { source, name, platform, detail, version } = message
    const known = this.#sources.get(source)
    this.#sources.set(source, { source, name, platform, detail, version, isGone: false })
    // Told again, for the sake of others who look.
    if (known && !known.isGone && known.version !== '') return
    this.#write(message, 'source', { label: name, text: `reports: ${detail}` })
  }

  #sourceGone(message: Extract<InspectorMessage, { type: 'webrtc.source-gone' }>): void {
    const known = this.#sourceOf(message.source)
    if (known.isGone) return
    this.#sources.set(message.source, { ...known, isGone: true })
    for (const actor of this.#actors.values()) {
      if (actor.source !== message.source || actor.endedAt !== null) continue
      // Should the source begin anew, it may count from 1 again.
      this.#update({ ...actor, endedAt: this.#time, seq: 0 })
    }
    this.#write(message, 'source', { label: known.name, text: 'reports no more' })
    this.#goneSources.push(message.source)
    const oldest = this.#goneSources.length > GONE_SOURCES_KEPT ? this.#goneSources.shift() : undefined
    // It may be there again.
    if (oldest === undefined || this.#sources.get(oldest)?.isGone !== true) return
    this.#sources.delete(oldest)
    for (const key of this.#machines.keys()) if (key.startsWith(`${oldest} `)) this.#machines.delete(key)
  }

  #actor(message: ActorMessage): void {
    const { source, sessionId, seq, definition } = message
    this.#sourceOf(source)
    const machine = this.#machine(message)
    if (machine !== null && definition !== undefined && !this.#machines.has(machine)) {
      const read = readDefinition(definition)
      if (read) this.#machines.set(machine, read)
    }
    const known = this.#actors.get(sessionId)
    // It comes late; what is newer is known already.
    const newer = known && known.seq > seq && known.endedAt === null ? known : null
    const snapshot = newer?.snapshot ?? message.snapshot
    this.#update({
      sessionId,
      source,
      name: message.name,
      kind: message.kind,
      group: message.group,
      uniqueId: message.uniqueId || (newer?.uniqueId ?? 0),
      parentId: message.parentId ?? null,
      rootId: message.rootId,
      machine,
      snapshot,
      startedAt: known?.startedAt ?? message.time,
      endedAt: snapshot.status === 'active' ? null : this.#time,
      last: known?.last ?? null,
      seq: newer?.seq ?? seq,
    })
    if (known?.endedAt === null) return
    this.#write(message, 'actor', { text: `starts${inState(valueText(message.snapshot.value))}` })
  }

  #event(message: EventMessage): void {
    this.#sourceOf(message.source)
    this.#write(message, 'event', { text: message.event.type })
  }

  #snapshot(message: SnapshotMessage): void {
    const { source, sessionId, seq, snapshot, event, transitions = [] } = message
    this.#sourceOf(source)
    const known = this.#actors.get(sessionId) ?? unknownActor(message)
    const [before, after] = [valueText(known.snapshot.value), valueText(snapshot.value)]
    const isTransition = before !== after && after !== ''
    const hasEnded = snapshot.status !== 'active'
    const causedBy = message.causedBy === undefined ? null : this.#log.indexOfEvent(source, message.causedBy)
    if (known.seq < seq) {
      const last = { eventType: event.type, transitions, time: message.time }
      const isNews = isTransition || hasEnded || transitions.length > 0
      this.#update({
        ...known,
        ...meshFacts(known, message),
        snapshot,
        seq,
        last: isNews ? last : known.last,
        endedAt: hasEnded ? (known.endedAt ?? this.#time) : known.endedAt,
      })
    }
    const state = isTransition && before !== '' ? `${before} → ${after}` : after
    const text = hasEnded ? `${endText(snapshot)}${inState(state)}` : state || snapshot.status
    this.#write(message, hasEnded ? 'end' : 'snapshot', { text, isTransition, causedBy })
  }

  #facts(message: FactsMessage): void {
    this.#sourceOf(message.source)
    const mesh = this.#actors.get(message.sessionId)
    // After its end nothing is news.
    if (mesh && mesh.endedAt !== null) return
    const { uniqueId, group } = message
    if (mesh && (mesh.uniqueId !== uniqueId || mesh.group !== group)) this.#update({ ...mesh, uniqueId, group })
    this.#meshes.facts(message, this.#time)
  }

  #verdict(message: VerdictMessage): void {
    this.#sourceOf(message.source)
    const { group, uniqueId, peer, time, reason, verdict } = message
    const made = { group, uniqueId, peer, time, reason, message: message.message, verdict, entry: this.#log.end }
    this.#verdicts.push(made)
    if (this.#verdicts.length > VERDICTS_KEPT) this.#verdicts.shift()
    this.#meshes.verdict(made)
    this.#write(message, 'verdict', { label: `${uniqueId}–${peer}`, group, text: `${reason}: ${message.message}` })
  }

  #packet(message: PacketMessage): void {
    this.#sourceOf(message.source)
    this.#write(message, 'packet', { group: message.group, text: packetText(message) })
  }

  /** What is told of a source that was not told of itself. */
  #sourceOf(source: string): SourceState {
    const known = this.#sources.get(source)
    if (known) return known
    const made = { source, name: source, platform: 'unknown', detail: '', version: '', isGone: false } as const
    this.#sources.set(source, made)
    return made
  }

  #machine({ source, machine, definition }: ActorMessage): string | null {
    const name = machine ?? (definition === undefined ? undefined : readDefinition(definition)?.id)
    return name === undefined ? null : `${source} ${name}`
  }

  #update(actor: Actor): void {
    const before = this.#actors.get(actor.sessionId)
    this.#actors.set(actor.sessionId, actor)
    if (actor.endedAt !== null && before?.endedAt == null) this.#noteEnd(actor)
    if (actor.kind === 'peer') this.#meshes.peerChanged(actor, actor.seq, this.#time)
    if (actor.kind !== 'mesh') return
    if (actor.endedAt === null) this.#meshes.meshChanged(actor, before, this.#time)
    else this.#meshes.meshGone(actor, this.#time)
  }

  #noteEnd({ sessionId }: Actor): void {
    this.#ended.push(sessionId)
    if (this.#ended.length <= ENDED_KEPT) return
    const oldest = this.#ended.shift()
    // It may have been told of again meanwhile.
    if (oldest !== undefined && this.#actors.get(oldest)?.endedAt != null) this.#actors.delete(oldest)
  }

  #write(
    message: InspectorMessage,
    kind: LogEntry['kind'],
    line: Pick<LogEntry, 'text'> & Partial<Pick<LogEntry, 'label' | 'group' | 'isTransition' | 'causedBy'>>,
  ): void {
    const { source, seq, time } = message
    const sessionId = 'sessionId' in message ? message.sessionId : ''
    const actor = this.#actors.get(sessionId)
    this.#log.write({
      time,
      source,
      seq,
      kind,
      sessionId,
      label: actor ? labelOf(actor) : sessionId,
      group: actor?.group ?? '',
      isTransition: false,
      causedBy: null,
      message,
      ...line,
    })
  }
}

/** A mesh gets its id after it was started; its snapshot says so first. */
function meshFacts({ kind }: Actor, { snapshot: { context } }: SnapshotMessage): { uniqueId?: number } {
  const uniqueId = context?.['uniqueId']
  return kind === 'mesh' && typeof uniqueId === 'number' && uniqueId > 0 ? { uniqueId } : {}
}

function unknownActor({ source, sessionId, rootId, time }: SnapshotMessage): Actor {
  return {
    sessionId,
    source,
    name: sessionId,
    kind: 'other',
    group: '',
    uniqueId: 0,
    parentId: null,
    rootId,
    machine: null,
    snapshot: { status: 'active' },
    startedAt: time,
    endedAt: null,
    last: null,
    seq: 0,
  }
}
