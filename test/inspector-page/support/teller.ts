import type {
  ActorKind,
  InspectorMessage,
  JsonObject,
  LinkFacts,
  SnapshotView,
} from '../../../src/services/inspector/wire/messages.ts'

/** Tells as one process does, with numbers and times that go on by themselves. */
export class Teller {
  readonly source: string
  readonly group: string
  /** Milliseconds since 1970; the next message's time. */
  now: number
  seq = 0

  constructor(source = 'p', { group = 'tea', now = 1_000 } = {}) {
    this.source = source
    this.group = group
    this.now = now
  }

  begin(name = `process ${this.source}`): InspectorMessage {
    const { source } = this
    return {
      type: 'webrtc.source',
      ...this.#stamp(),
      name,
      platform: 'node',
      detail: `process ${source}`,
      version: '0.1.0',
    }
  }

  gone(): InspectorMessage {
    return { type: 'webrtc.source-gone', ...this.#stamp() }
  }

  mesh(uniqueId: number, state = 'connected', sessionId = 'x:0'): InspectorMessage {
    return this.actor('mesh', 'mesh', uniqueId, { state, sessionId, context: { mode: 'mesh', uniqueId } })
  }

  /** The actor that a peer has for another one. */
  peer(uniqueId: number, other: number, state = 'new', parentId = 'x:0'): InspectorMessage {
    return this.actor(`peer:${other}`, 'peer', uniqueId, { state, sessionId: `x:${uniqueId}-${other}`, parentId })
  }

  actor(
    name: string,
    kind: ActorKind,
    uniqueId: number,
    told: {
      sessionId: string
      state?: string
      parentId?: string
      context?: JsonObject
      definition?: string
      machine?: string
    },
  ): InspectorMessage {
    const { sessionId, state, parentId, context, definition, machine = kind } = told
    return {
      type: '@xstate.actor',
      ...this.#stately(sessionId),
      name,
      ...(parentId !== undefined && { parentId: `${this.source}/${parentId}` }),
      snapshot: { status: 'active', ...(state !== undefined && { value: state }), ...(context && { context }) },
      ...(definition !== undefined && { definition }),
      machine,
      kind,
      group: this.group,
      uniqueId,
    }
  }

  event(sessionId: string, type: string): InspectorMessage {
    return { type: '@xstate.event', ...this.#stately(sessionId), event: { type } }
  }

  snapshot(
    sessionId: string,
    eventType: string,
    snapshot: Partial<SnapshotView> & { value?: string },
    causedBy?: number,
  ): InspectorMessage {
    return {
      type: '@xstate.snapshot',
      ...this.#stately(sessionId),
      event: { type: eventType },
      snapshot: { status: 'active', ...snapshot },
      ...(causedBy !== undefined && { causedBy }),
    }
  }

  facts(uniqueId: number, links: readonly LinkFacts[], sessionId = 'x:0', status = 2): InspectorMessage {
    return {
      type: 'webrtc.facts',
      ...this.#stamp(),
      sessionId: `${this.source}/${sessionId}`,
      group: this.group,
      uniqueId,
      status,
      links,
    }
  }

  packet(uniqueId: number, direction: 'sent' | 'received', skipped?: number): InspectorMessage {
    const { group, source } = this
    return {
      type: 'webrtc.packet',
      ...this.#stamp(),
      ...{ sessionId: `${source}/x:0`, group, uniqueId, direction, peer: 7, channel: 0, mode: 2, size: 20 },
      ...(skipped !== undefined && { skipped }),
    }
  }

  verdict(uniqueId: number, peer: number, reason = 'relay-needed'): InspectorMessage {
    const { group } = this
    return {
      type: 'webrtc.verdict',
      ...this.#stamp(),
      group,
      uniqueId,
      peer,
      reason,
      message: 'give a TURN server',
      verdict: { peer, reason },
    }
  }

  /** Time passes. */
  after(milliseconds: number): this {
    this.now += milliseconds
    return this
  }

  #stamp(): { source: string; seq: number; time: number } {
    return { source: this.source, seq: ++this.seq, time: this.now }
  }

  #stately(sessionId: string) {
    return {
      ...this.#stamp(),
      id: null,
      _version: '0.7.2',
      createdAt: String(Math.trunc(this.now)),
      sessionId: `${this.source}/${sessionId}`,
      rootId: `${this.source}/x:0`,
    }
  }
}

/** What a look at the connection to a peer tells; counters of one channel. */
export function link(
  peer: number,
  state = 'connected',
  counters: Partial<LinkFacts['channels'][number]> = {},
): LinkFacts {
  return {
    peer,
    state,
    roundTripTime: 20,
    pair: null,
    channels: [
      {
        label: 'reliable',
        channel: 0,
        mode: 2,
        sentPackets: 0,
        sentBytes: 0,
        receivedPackets: 0,
        receivedBytes: 0,
        droppedPackets: 0,
        bufferedAmount: 0,
        ...counters,
      },
    ],
    drops: {},
  }
}
