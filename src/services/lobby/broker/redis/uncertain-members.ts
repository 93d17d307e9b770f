/** What {@link UncertainMembers} needs. */
export interface UncertainMembersPort {
  /** Milliseconds that such a member has. */
  readonly patience: number
  /** Nobody asked again. */
  expired(lobby: string, id: number): void
}

/**
 * Members who wanted to come back here when the connection to Redis was lost, so that nobody knows whether they did. Taking them out would lose someone who is there, so they stay
 * for a while, in which their clients ask again.
 */
export class UncertainMembers {
  readonly #port: UncertainMembersPort
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()

  constructor(port: UncertainMembersPort) {
    this.#port = port
  }

  add(lobby: string, id: number): void {
    this.remove(lobby, id)
    const { patience, expired } = this.#port
    const timer = setTimeout(() => {
      this.remove(lobby, id)
      expired(lobby, id)
    }, patience)
    this.#timers.set(key(lobby, id), timer)
  }

  remove(lobby: string, id: number): void {
    clearTimeout(this.#timers.get(key(lobby, id)))
    this.#timers.delete(key(lobby, id))
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }
}

function key(lobby: string, id: number): string {
  return `${id} ${lobby}`
}
