import type { ActorMessage, StatelyStamp, Stamp } from '../wire/messages.ts'

/** As many as a hub remembers; of further ones a viewer does not hear. */
const MOST_ACTORS = 50_000
/** Characters of all definitions; actors of further machines are told of without. */
const MOST_TEXT = 8 * 1024 * 1024
/** What an entry takes beside its text, counted as characters. */
const ENTRY_SIZE = 600

/** A living actor that a viewer was told of. */
export type ToldActor = Pick<StatelyStamp, 'sessionId' | 'rootId' | '_version'>

interface ToldSource {
  readonly definitions: Map<string, string>
  readonly actors: Map<string, ToldActor>
}

/** What a viewer was told of, for forms in which each actor brings its whole machine, and in which no source ends. */
export class ToldActors {
  readonly #convert: (definition: string) => string | null
  readonly #sources = new Map<string, ToldSource>()
  #actors = 0
  #text = 0

  /** @param convert - makes of a definition what is told; null for one that cannot be. */
  constructor(convert: (definition: string) => string | null) {
    this.#convert = convert
  }

  /** The definition of an actor's machine, whichever actor has brought it. */
  definitionOf({ source, machine, definition }: ActorMessage): string | undefined {
    if (machine === undefined) return undefined
    const { definitions } = this.#source(source)
    if (definition !== undefined && !definitions.has(machine)) {
      const text = this.#convert(definition)
      if (text !== null && this.#text + text.length <= MOST_TEXT) {
        this.#text += text.length + ENTRY_SIZE
        definitions.set(machine, text)
      }
    }
    return definitions.get(machine)
  }

  /** @returns whether it may be told of. */
  add({ source, sessionId, rootId, _version }: ActorMessage): boolean {
    const { actors } = this.#source(source)
    if (actors.has(sessionId)) return true
    if (this.#actors >= MOST_ACTORS) return false
    this.#actors++
    actors.set(sessionId, { sessionId, rootId, _version })
    return true
  }

  has({ source, sessionId }: Stamp & StatelyStamp): boolean {
    return this.#sources.get(source)?.actors.has(sessionId) ?? false
  }

  remove({ source, sessionId }: Stamp & StatelyStamp): void {
    if (this.#sources.get(source)?.actors.delete(sessionId) === true) this.#actors--
  }

  /** A source is gone. @returns its living actors, the youngest first: children before their parents. */
  end(source: string): readonly ToldActor[] {
    const told = this.#sources.get(source)
    if (told === undefined) return []
    this.#sources.delete(source)
    this.#actors -= told.actors.size
    for (const text of told.definitions.values()) this.#text -= text.length + ENTRY_SIZE
    return [...told.actors.values()].reverse()
  }

  #source(source: string): ToldSource {
    let told = this.#sources.get(source)
    if (told === undefined) {
      told = { definitions: new Map(), actors: new Map() }
      this.#sources.set(source, told)
    }
    return told
  }
}
