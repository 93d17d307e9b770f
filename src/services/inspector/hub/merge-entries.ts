import type { InspectorMessage } from '../wire/messages.ts'
import type { Entry } from './entry.ts'

/** Beyond this many, older verdicts of those that wait are left out too. */
const MOST_VERDICTS = 500

/**
 * Leaves out what whoever reads the rest need not know to see what is there at the end: events, snapshots and facts with newer ones, actors and sources that are gone. The order stays. A
 * source must be told to be gone before it is told to begin again, as a hub does.
 */
export function mergeEntries(entries: readonly Entry[]): Entry[] {
  const later = new Later()
  // From the end, so that of each entry is known what comes after it.
  const kept = entries.toReversed().filter((entry) => later.needs(entry))
  return kept.reverse().filter((entry) => !later.isCancelled(entry))
}

/** What comes after an entry. */
class Later {
  /** Ends of sources, whose beginnings were not met yet. */
  readonly #gone = new Map<string, Entry>()
  /** Ends of sources that began among the entries as well: nobody has to hear of either. */
  readonly #cancelled = new Set<Entry>()
  readonly #ended = new Set<string>()
  readonly #told = new Set<string>()
  #verdicts = 0

  isCancelled(entry: Entry): boolean {
    return this.#cancelled.has(entry)
  }

  needs(entry: Entry): boolean {
    const { message } = entry
    const { source } = message
    switch (message.type) {
      case 'webrtc.verdict':
        return ++this.#verdicts <= MOST_VERDICTS
      case 'webrtc.source-gone':
        this.#gone.set(source, entry)
        return true
      case 'webrtc.source':
        return !this.#cancelGone(source)
      default:
        return !this.#gone.has(source) && this.#needsOfActor(message)
    }
  }

  #needsOfActor(message: InspectorMessage): boolean {
    switch (message.type) {
      case '@xstate.actor':
        // The others of its machine are told without its definition.
        return message.definition !== undefined || !this.#ended.has(message.sessionId)
      case '@xstate.snapshot':
        // Its end is told even if its beginning is not: whether that was known before cannot be seen here, since actors are told again when they get another name.
        if (message.snapshot.status !== 'active') return addNew(this.#ended, message.sessionId)
        return !this.#ended.has(message.sessionId) && addNew(this.#told, `${message.type} ${message.sessionId}`)
      case 'webrtc.facts':
        return addNew(this.#told, `${message.type} ${message.sessionId}`)
      default:
        return false
    }
  }

  #cancelGone(source: string): boolean {
    const gone = this.#gone.get(source)
    if (gone === undefined) return false
    this.#gone.delete(source)
    this.#cancelled.add(gone)
    return true
  }
}

/** @returns whether the set did not have it. */
function addNew(set: Set<string>, value: string): boolean {
  if (set.has(value)) return false
  set.add(value)
  return true
}
