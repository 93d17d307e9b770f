/** Milliseconds for which signals to a member's old server may still be on their way. */
const RECENT = 10_000

/** Members that are remembered; the oldest go first. */
const MOST = 10_000

interface Move {
  readonly to: string
  readonly at: number
}

/** Where members of this server went a moment ago. A server hears nothing more of a lobby when its last member there has moved, but signals for that one may still come. */
export class MovedMembers {
  /** By member, the oldest first. */
  readonly #moves = new Map<string, Move>()

  note(lobby: string, id: number, to: string): void {
    this.forget(lobby, id)
    this.#moves.set(key(lobby, id), { to, at: performance.now() })
    for (const [oldest, { at }] of this.#moves) {
      if (this.#moves.size <= MOST && performance.now() - at < RECENT) return
      this.#moves.delete(oldest)
    }
  }

  /** It came back, and where it was meanwhile counts for nothing: two servers that each sent it to the other would pass its signals to and fro. */
  forget(lobby: string, id: number): void {
    this.#moves.delete(key(lobby, id))
  }

  /** The server that it went to; null if it did not, or long ago. */
  where(lobby: string, id: number): string | null {
    const move = this.#moves.get(key(lobby, id))
    return move !== undefined && performance.now() - move.at < RECENT ? move.to : null
  }
}

function key(lobby: string, id: number): string {
  return `${id} ${lobby}`
}
