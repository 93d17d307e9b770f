import type { ActorKind } from '../../services/inspector/wire/messages.ts'
import type { ActorState, LinkEnd, LinkState } from './state.ts'
import { valueText } from './value-text.ts'

/** What a state means to whoever looks at the whole: each has a colour (`--state-connected`), a shape and a word. */
export type StateClass = 'new' | 'connecting' | 'gated' | 'connected' | 'draining' | 'closed' | 'failed' | 'other'

export const STATE_CLASS_TEXT: Readonly<Record<StateClass, string>> = {
  new: 'new',
  connecting: 'connecting',
  gated: 'open, not admitted',
  connected: 'connected',
  draining: 'draining',
  closed: 'lost or closed',
  failed: 'gave up',
  other: 'other',
}

const CLASS_OF_VALUE: Readonly<Record<Exclude<ActorKind, 'other'>, Readonly<Record<string, StateClass>>>> = {
  peer: {
    new: 'new',
    connecting: 'connecting',
    channelsOpen: 'gated',
    connected: 'connected',
    draining: 'draining',
    closed: 'closed',
  },
  mesh: { disconnected: 'closed', connecting: 'connecting', connected: 'connected', serverLost: 'closed' },
  negotiation: {
    waitingForSignaling: 'new',
    waitingForOffer: 'new',
    offering: 'connecting',
    checking: 'connecting',
    securing: 'connecting',
    opening: 'connecting',
    connected: 'connected',
    backingOff: 'draining',
    gaveUp: 'failed',
    dismissed: 'closed',
    left: 'closed',
  },
  authentication: {
    exchanging: 'connecting',
    awaitingRemote: 'gated',
    awaitingLocal: 'gated',
    completed: 'connected',
    failed: 'failed',
  },
}

/** The class of a state by its name, as `valueText` writes it. */
export function classOfValue(kind: ActorKind, value: string): StateClass {
  if (kind === 'other') return 'other'
  const table = CLASS_OF_VALUE[kind]
  return Object.hasOwn(table, value) ? (table[value] ?? 'other') : 'other'
}

export function classOfActor(actor: ActorState): StateClass {
  if (actor.snapshot.status === 'error') return 'failed'
  const known = classOfValue(actor.kind, valueText(actor.snapshot.value))
  // An authentication that has ended well is not lost.
  return actor.endedAt === null || known === 'failed' || actor.kind === 'authentication' ? known : 'closed'
}

export function classOfEnd(end: LinkEnd): StateClass {
  return end.goneAt === null ? classOfValue('peer', end.facts.state) : 'closed'
}

/** From the one that says most of what is wrong. */
const WORST_FIRST: readonly StateClass[] = ['closed', 'new', 'connecting', 'gated', 'draining', 'other', 'connected']

/** A link is as good as the worse of its ends. */
export function classOfLink({ ends, verdict }: LinkState): StateClass {
  if (verdict) return 'failed'
  let worst: StateClass = 'connected'
  for (const end of ends.values()) {
    const other = classOfEnd(end)
    if (WORST_FIRST.indexOf(other) < WORST_FIRST.indexOf(worst)) worst = other
  }
  return worst
}
