interface Announcement {
  isConfirmed: boolean
  /** When it may be announced again, in the clock's milliseconds. */
  nextAt: number
  wait: number
}

/**
 * Milliseconds before an announcement that was not confirmed is made again, with a call that is sent anyway. A node that the other side has is confirmed within a round trip, so after
 * these it probably did not have it then; Godot itself never announces it again, so that every call carries the whole path for ever. The wait doubles up to the longest.
 */
const FIRST_WAIT = 2_000
const LONGEST_WAIT = 60_000

/** What one peer knows of the nodes here: Godot's cache of paths, the sender's side. */
export class SentPaths {
  readonly #announcements = new Map<number, Announcement>()

  isConfirmed(id: number): boolean {
    return this.#announcements.get(id)?.isConfirmed === true
  }

  /** Whether the id should be announced to the peer now. */
  isDue(id: number, now: number): boolean {
    const announcement = this.#announcements.get(id)
    return announcement === undefined || (!announcement.isConfirmed && now >= announcement.nextAt)
  }

  announced(id: number, now: number): void {
    const previous = this.#announcements.get(id)
    const wait = previous === undefined ? FIRST_WAIT : Math.min(previous.wait * 2, LONGEST_WAIT)
    this.#announcements.set(id, { isConfirmed: false, nextAt: now + wait, wait })
  }

  /** @returns false if nothing of the kind was announced. */
  confirm(id: number): boolean {
    const announcement = this.#announcements.get(id)
    if (announcement === undefined) return false
    announcement.isConfirmed = true
    return true
  }

  forget(id: number): void {
    this.#announcements.delete(id)
  }
}
