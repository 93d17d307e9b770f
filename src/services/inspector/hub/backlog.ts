import type { Entry } from './entry.ts'
import { mergeEntries } from './merge-entries.ts'

/** How much may wait. */
export interface BacklogLimits {
  /** Entries from which on what waits is merged. */
  readonly merged: number
  /** Characters from which on it is merged. */
  readonly mergedSize: number
  /** Characters that may still wait after that; with more it is {@link Backlog.isHopeless}. */
  readonly mostSize: number
}

/** Twice of what a hub remembers, all of which waits for whoever begins to look; a page takes it in about two seconds. */
export const DEFAULT_BACKLOG_LIMITS: BacklogLimits = {
  merged: 40_000,
  mergedSize: 32 * 1024 * 1024,
  mostSize: 128 * 1024 * 1024,
}

/** Messages that wait for somebody who is slow. When there are too many, only what is needed to know what is there now goes on waiting. */
export class Backlog {
  readonly #limits: BacklogLimits
  #entries: Entry[] = []
  #size = 0
  #missed = 0
  #nextMerge: number
  #nextMergeSize: number

  constructor(limits: BacklogLimits = DEFAULT_BACKLOG_LIMITS) {
    this.#limits = limits
    this.#nextMerge = limits.merged
    this.#nextMergeSize = limits.mergedSize
  }

  /** How many messages were left out, from the beginning on. */
  get missed(): number {
    return this.#missed
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0
  }

  get length(): number {
    return this.#entries.length
  }

  /** Even merged there is too much: it is better to begin anew. */
  get isHopeless(): boolean {
    return this.#size > this.#limits.mostSize
  }

  push(entry: Entry): void {
    this.#entries.push(entry)
    this.#size += entry.text.length
    if (this.#entries.length > this.#nextMerge || this.#size > this.#nextMergeSize) this.#merge()
  }

  /** The oldest entries: as many as have this many characters together, but at least one. */
  take(size: number): readonly Entry[] {
    let count = 0
    let taken = 0
    for (const { text } of this.#entries) {
      if (count > 0 && taken + text.length > size) break
      count++
      taken += text.length
    }
    this.#size -= taken
    if (count === this.#entries.length) this.#rest()
    return this.#entries.splice(0, count)
  }

  #merge(): void {
    const before = this.#entries.length
    this.#entries = mergeEntries(this.#entries)
    this.#size = this.#entries.reduce((size, { text }) => size + text.length, 0)
    this.#missed += before - this.#entries.length
    // Twice of what is left, so that merging costs the same for each entry however many there are.
    this.#nextMerge = Math.max(this.#limits.merged, 2 * this.#entries.length)
    this.#nextMergeSize = Math.max(this.#limits.mergedSize, 2 * this.#size)
  }

  #rest(): void {
    this.#nextMerge = this.#limits.merged
    this.#nextMergeSize = this.#limits.mergedSize
  }
}
