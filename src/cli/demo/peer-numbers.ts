/** Numbers that people can read for the ids of a lobby: those of the demo's own peers, and for visitors the next free ones. */
export class PeerNumbers {
  readonly #numbers = new Map<number, number>()
  #last = 0

  /** The next number, for a peer whose id is not known yet. */
  next(): number {
    return ++this.#last
  }

  /** A peer is in the lobby, under this id. */
  assign(number: number, id: number): void {
    this.#numbers.set(id, number)
  }

  of(id: number): number | undefined {
    return this.#numbers.get(id)
  }
}
