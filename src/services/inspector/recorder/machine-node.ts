/** A state of a machine of XState 5, as far as a definition needs it; XState's own types know too much of what a machine was made of. */
export interface MachineNode {
  readonly id: string
  readonly key: string
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history'
  readonly history: false | 'shallow' | 'deep'
  readonly parent?: MachineNode
  readonly states: Readonly<Record<string, MachineNode>>
  readonly initial: { readonly target?: readonly MachineNode[] }
  readonly transitions: ReadonlyMap<string, readonly MachineTransition[]>
  readonly always?: readonly MachineTransition[]
  readonly invoke: readonly { readonly id: string; readonly src: string }[]
  readonly tags: readonly string[]
  /** As it was written. `entry` and `exit` of the node itself have the timers of `after` in them. */
  readonly config: {
    readonly entry?: unknown
    readonly exit?: unknown
    readonly target?: unknown
  }
}

export interface MachineTransition {
  readonly eventType: string
  readonly source: { readonly id: string }
  readonly target?: readonly MachineNode[] | undefined
  readonly guard?: unknown
  readonly actions: readonly unknown[]
  readonly reenter: boolean
  /** Of `after`: milliseconds, or a name. */
  readonly delay?: number | string
}

export interface Machine {
  readonly id: string
  readonly root: MachineNode
}

/** Whether an actor's logic is a machine; others are functions, promises, observables. */
export function isMachine(logic: unknown): logic is Machine {
  return typeof logic === 'object' && logic !== null && 'root' in logic && 'implementations' in logic
}

/** The name of a guard or an action, inline ones included: XState's own (`xstate.raise`) and functions by theirs. */
export function nameOf(part: unknown): string {
  if (typeof part === 'string') return part
  if (typeof part === 'object' && part !== null && 'type' in part) return String(part.type)
  if (typeof part !== 'function') return 'inline'
  const { type, guards } = part as { type?: unknown; guards?: readonly unknown[] }
  if (typeof type === 'string') return type
  // and(...), or(...), not(...)
  if (Array.isArray(guards)) return `${part.name}(${guards.map(nameOf).join(', ')})`
  return part.name === '' ? 'inline' : part.name
}
