import type { ModelPath, PathStep } from './path-types.ts'

/** What of a model was passed by the paths that were walked: `states 7/7, transitions 31/31`. */
export class PathCoverage {
  readonly #states: ReadonlySet<string>
  readonly #transitions: ReadonlySet<string>
  readonly #passedStates = new Set<string>()
  readonly #passedTransitions = new Set<string>()

  constructor(states: readonly string[], transitions: readonly string[]) {
    this.#states = new Set(states)
    this.#transitions = new Set(transitions)
  }

  get states(): number {
    return this.#states.size
  }

  get transitions(): number {
    return this.#transitions.size
  }

  /** A path begins. */
  begin(path: Pick<ModelPath<unknown, unknown, unknown>, 'startKey'>): void {
    this.#passedStates.add(path.startKey)
  }

  /** A step was made and what came of it is right. */
  pass({ stateKey, transitionKey }: Pick<PathStep<unknown, unknown, unknown>, 'stateKey' | 'transitionKey'>): void {
    this.#passedStates.add(stateKey)
    this.#passedTransitions.add(transitionKey)
  }

  toString(): string {
    return `states ${this.#passedStates.size}/${this.#states.size}, transitions ${this.#passedTransitions.size}/${this.#transitions.size}`
  }

  /** @throws Error with what was never passed, unless everything was. */
  assertComplete(): void {
    const missing = [
      ...[...this.#states].filter((key) => !this.#passedStates.has(key)),
      ...[...this.#transitions].filter((key) => !this.#passedTransitions.has(key)),
    ]
    if (missing.length > 0) throw new Error(`Only ${this.toString()}; never passed: ${missing.slice(0, 5).join('; ')}`)
  }
}
