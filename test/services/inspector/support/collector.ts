import type { Entry } from '../../../../src/services/inspector/hub/entry.ts'
import type { Outlet } from '../../../../src/services/inspector/hub/feed.ts'
import type {
  ActorMessage,
  InspectorMessage,
  SnapshotMessage,
} from '../../../../src/services/inspector/wire/messages.ts'

/** An outlet that keeps what it gets, and can be slow. */
export class Collector implements Outlet {
  readonly messages: InspectorMessage[] = []
  readonly writes: number[] = []
  missed = 0
  bufferedAmount = 0
  hasGivenUp = false

  write(entries: readonly Entry[], missed: number): void {
    this.messages.push(...entries.map(({ message }) => message))
    this.writes.push(entries.length)
    this.missed += missed
  }

  giveUp(): void {
    this.hasGivenUp = true
  }

  /** What it got, a few words each. */
  get told(): string[] {
    return this.messages.map(inWords)
  }
}

/** `a/peer ready`: the actor and its state, or what else is told. */
export function inWords(message: InspectorMessage): string {
  switch (message.type) {
    case '@xstate.actor':
      return `${message.sessionId} is ${stateOf(message)}`
    case '@xstate.event':
      return `${message.sessionId} hears ${message.event.type}`
    case '@xstate.snapshot': {
      const { status } = message.snapshot
      return `${message.sessionId} ${status === 'active' ? '' : `${status} in `}${stateOf(message)}`
    }
    case 'webrtc.facts':
      return `${message.sessionId} facts ${message.status}`
    case 'webrtc.verdict':
      return `${message.source} verdict on ${message.peer}`
    default:
      return `${message.source} ${message.type.replace('webrtc.source', 'source')}`
  }
}

function stateOf({ snapshot: { value } }: ActorMessage | SnapshotMessage): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
