import type {
  ActorMessage,
  EventMessage,
  FactsMessage,
  InspectorMessage,
  SnapshotMessage,
  SnapshotView,
  SourceGoneMessage,
  SourceMessage,
  VerdictMessage,
} from '../../../../src/services/inspector/wire/messages.ts'

/** Makes the messages of one source. */
export class Teller {
  readonly source: string
  #seq = 0

  constructor(source: string) {
    this.source = source
  }

  /** As if this many messages were made and got lost. */
  lose(count: number): void {
    this.#seq += count
  }

  begins(): SourceMessage {
    return {
      type: 'webrtc.source',
      ...this.#stamp(),
      name: `script ${this.source}`,
      platform: 'node',
      detail: 'process 4711',
      version: '0.1.0',
    }
  }

  gone(): SourceGoneMessage {
    return { type: 'webrtc.source-gone', ...this.#stamp() }
  }

  actor(name: string, more: Partial<ActorMessage> = {}): ActorMessage {
    return {
      type: '@xstate.actor',
      ...this.#stately(name),
      name,
      snapshot: { status: 'active', value: 'new' },
      kind: 'peer',
      group: 'tea',
      uniqueId: 1,
      machine: 'peer',
      ...more,
    }
  }

  event(name: string, type: string): EventMessage {
    return { type: '@xstate.event', ...this.#stately(name), event: { type } }
  }

  snapshot(name: string, value: string, status: SnapshotView['status'] = 'active'): SnapshotMessage {
    return { type: '@xstate.snapshot', ...this.#stately(name), event: { type: 'go' }, snapshot: { status, value } }
  }

  facts(name: string, status = 2): FactsMessage {
    const sessionId = this.id(name)
    return { type: 'webrtc.facts', ...this.#stamp(), sessionId, group: 'tea', uniqueId: 1, status, links: [] }
  }

  verdict(peer: number): VerdictMessage {
    return {
      type: 'webrtc.verdict',
      ...this.#stamp(),
      group: 'tea',
      uniqueId: 1,
      peer,
      reason: 'no-answer',
      message: `Peer ${peer} says nothing.`,
      verdict: {},
    }
  }

  id(name: string): string {
    return `${this.source}/${name}`
  }

  #stamp(): Pick<InspectorMessage, 'source' | 'seq' | 'time'> {
    this.#seq++
    return { source: this.source, seq: this.#seq, time: 1_700_000_000_000 + this.#seq }
  }

  #stately(name: string) {
    const stamp = this.#stamp()
    return {
      ...stamp,
      id: null,
      _version: '0.7.2',
      createdAt: String(stamp.time),
      sessionId: this.id(name),
      rootId: this.id('mesh'),
    }
  }
}
