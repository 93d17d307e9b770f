/** A transition in a definition. Guards and actions by their names. */
export interface TransitionDefinition {
  /** Absolute targets, as `#mesh.connected`; missing for a transition that stays where it is. */
  readonly target?: readonly string[]
  readonly guard?: string
  readonly actions?: readonly string[]
  /** Whether a transition to a state within leaves and enters its source. */
  readonly reenter?: true
}

/** A state. What is empty is left out. */
export interface StateDefinition {
  /** `mesh.connected`. Its key is the last part. */
  readonly id: string
  readonly type?: 'parallel' | 'final' | 'history'
  readonly initial?: string
  readonly states?: Readonly<Record<string, StateDefinition>>
  /** By event; those that an invoked actor brings about have XState's names, as `xstate.error.actor.ID`. */
  readonly on?: Readonly<Record<string, readonly TransitionDefinition[]>>
  /** By delay: milliseconds, or the delay's name. */
  readonly after?: Readonly<Record<string, readonly TransitionDefinition[]>>
  readonly always?: readonly TransitionDefinition[]
  readonly onDone?: readonly TransitionDefinition[]
  readonly invoke?: readonly { readonly id: string; readonly src: string }[]
  readonly entry?: readonly string[]
  readonly exit?: readonly string[]
  readonly tags?: readonly string[]
  /** Of a history state; missing for `shallow`. */
  readonly history?: 'deep'
  /** Of a history state: where it leads if there is no history yet. */
  readonly target?: readonly string[]
}

/**
 * A machine as data, to draw it: its root state. It is a machine's config with all targets resolved, so `createMachine` of XState 5 takes it too (and `@statelyai/inspect`'s page draws it).
 */
export type MachineDefinition = StateDefinition
