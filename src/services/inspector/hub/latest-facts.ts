import type { FactsMessage } from '../wire/messages.ts'
import { type Entry } from './entry.ts'

/** The newest facts of each mesh: of older ones nobody who looks late needs to hear. Bounded; beyond that the mesh goes that told least recently. */
export class LatestFacts {
  readonly #mostSize: number
  /** By session ids, least recently told first. */
  readonly #entries = new Map<string, { readonly source: string; readonly entry: Entry }>()
  /** Session ids by their source. */
  readonly #sources = new Map<string, Set<string>>()
  #size = 0

  /** @param mostSize - characters. */
  constructor(mostSize: number) {
    this.#mostSize = mostSize
  }

  get entries(): readonly Entry[] {
    return Array.from(this.#entries.values(), ({ entry }) => entry)
  }

  keep({ sessionId, source }: FactsMessage, entry: Entry): void {
    this.#drop(sessionId)
    this.#entries.set(sessionId, { source, entry })
    const ids = this.#sources.get(source)
    if (ids === undefined) this.#sources.set(source, new Set([sessionId]))
    else ids.add(sessionId)
    this.#size += entry.text.length
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#mostSize) break
      this.#drop(oldest)
    }
  }

  /** The source is gone. */
  forget(source: string): void {
    for (const sessionId of this.#sources.get(source) ?? []) this.#drop(sessionId)
  }

  #drop(sessionId: string): void {
    const known = this.#entries.get(sessionId)
    if (known === undefined) return
    this.#entries.delete(sessionId)
    this.#size -= known.entry.text.length
    const ids = this.#sources.get(known.source)
    ids?.delete(sessionId)
    if (ids?.size === 0) this.#sources.delete(known.source)
  }
}
