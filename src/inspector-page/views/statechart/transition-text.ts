import type { TransitionDefinition } from '../../../services/inspector/wire/definition.ts'

/** What makes a transition be taken. */
export type Trigger =
  | { readonly kind: 'event'; readonly name: string }
  /** Milliseconds, or the delay's name. */
  | { readonly kind: 'after'; readonly name: string }
  | { readonly kind: 'always' }
  | { readonly kind: 'done' }

/** What invoked actors are made of, by the ids that XState gave them. */
export type ActorNames = ReadonlyMap<string, string>

const NO_NAMES: ActorNames = new Map()

/** `peer.open`, `after 5 s`, `always`, `done`, `actor link failed`. */
export function triggerText(trigger: Trigger, names = NO_NAMES): string {
  if (trigger.kind === 'after') return `after ${delayText(trigger.name)}`
  return trigger.kind === 'event' ? eventText(trigger.name, names) : trigger.kind
}

/** An event's type as XState names it, in words where that is XState's own: of timers, of actors' ends. */
export function eventText(type: string, names = NO_NAMES): string {
  if (type === '*') return 'any other event'
  if (type === '') return 'always'
  for (const [pattern, text] of OWN_EVENTS) {
    const match = pattern.exec(type)
    if (match) return text(match[1] ?? '', names)
  }
  return type
}

const OWN_EVENTS: readonly (readonly [RegExp, (name: string, names: ActorNames) => string])[] = [
  [/^xstate\.init$/, () => 'start'],
  [/^xstate\.stop$/, () => 'stop'],
  [/^webrtc\.unwatched$/, () => 'being watched no longer'],
  [/^xstate\.after\.(\d+|[^.]+)\./, (delay) => `after ${delayText(delay)}`],
  [/^xstate\.done\.state\./, () => 'done'],
  [/^xstate\.done\.actor\.(.*)$/, (id, names) => `${actorText(id, names)} done`],
  [/^xstate\.error\.actor\.(.*)$/, (id, names) => `${actorText(id, names)} failed`],
  [/^xstate\.snapshot\.(.*)$/, (id, names) => `${actorText(id, names)} changed`],
]

const actorText = (id: string, names: ActorNames): string => (id === '*' ? 'any actor' : `actor ${names.get(id) ?? id}`)

/** `500 ms`, `5 s`, or the name. */
export function delayText(delay: string): string {
  const milliseconds = Number(delay)
  if (delay === '' || !Number.isFinite(milliseconds)) return delay
  return milliseconds >= 1_000 && milliseconds % 100 === 0 ? `${milliseconds / 1_000} s` : `${milliseconds} ms`
}

/** `peer.open [isServer]`. */
export function transitionText(trigger: Trigger, { guard }: TransitionDefinition, names: ActorNames): string {
  return guard === undefined ? triggerText(trigger, names) : `${triggerText(trigger, names)} [${guard}]`
}

/** Whether an event's type is one that a descriptor means: itself, `*`, or `peer.*` for `peer.open`. */
export function meansEvent(descriptor: string, type: string): boolean {
  if (descriptor === type || descriptor === '*') return true
  return descriptor.endsWith('.*') && `${type}.`.startsWith(descriptor.slice(0, -1))
}
