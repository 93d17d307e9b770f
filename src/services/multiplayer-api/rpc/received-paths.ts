/** An announcement of a node that is not there, yet. */
export interface WaitingPath {
  readonly id: number
  /** In its simplest form. */
  readonly path: string
  /** As it was sent; Godot before 4.3 wants it back. */
  readonly sentPath: string
  readonly md5: string | undefined
}

/** How much of a path that is not there is remembered, in characters; more than deep trees in games have. */
const LONGEST_WAITING_PATH = 1_024

/**
 * What one peer has announced of its nodes: Godot's cache of paths, the receiver's side. Unlike there it is bounded, and a node that was not there when it was announced can be
 * confirmed once it is.
 */
export class ReceivedPaths {
  readonly #paths = new Map<number, string>()
  readonly #waiting = new Map<number, WaitingPath>()
  readonly #maxPaths: number
  readonly #maxWaiting: number

  constructor(maxPaths: number, maxWaiting: number) {
    this.#maxPaths = maxPaths
    this.#maxWaiting = maxWaiting
  }

  path(id: number): string | undefined {
    return this.#paths.get(id)
  }

  /**
   * Remembers what an id stands for.
   *
   * @param path - of a node that is there, so that paths that were made up take no memory.
   * @returns false if there is no room.
   */
  set(id: number, path: string): boolean {
    if (!this.#paths.has(id) && this.#paths.size >= this.#maxPaths) return false
    this.#paths.set(id, path)
    this.#waiting.delete(id)
    return true
  }

  /** Remembers the announcement for when the node is there; the oldest makes room for it. */
  wait(announcement: WaitingPath): void {
    const { id, sentPath } = announcement
    // The simplest form is never longer.
    if (sentPath.length > LONGEST_WAITING_PATH || this.#maxWaiting === 0) return
    this.#waiting.delete(id)
    if (this.#waiting.size >= this.#maxWaiting) {
      for (const oldest of this.#waiting.keys()) {
        this.#waiting.delete(oldest)
        break
      }
    }
    this.#waiting.set(id, announcement)
  }

  /** Takes out what waits for this path. */
  takeWaiting(path: string): WaitingPath[] {
    const found = [...this.#waiting.values()].filter((announcement) => announcement.path === path)
    for (const { id } of found) this.#waiting.delete(id)
    return found
  }
}
