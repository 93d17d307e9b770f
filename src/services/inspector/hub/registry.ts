import type { ActorMessage, SnapshotMessage } from '../wire/messages.ts'
import { type Entry, toEntry } from './entry.ts'
import type { HubLimits } from './limits.ts'

interface KnownSource {
  readonly entry: Entry
  /** Texts of machines, by their names. */
  readonly definitions: Map<string, string>
  readonly actors: Map<string, KnownActor>
}

interface KnownActor {
  /** Its registration, with the snapshot of now. */
  readonly message: ActorMessage
  readonly size: number
}

export type RegistryLimits = Pick<HubLimits, 'actors' | 'registrySize' | 'verdicts' | 'verdictsSize'>

/** What is there: sources, their living actors, machines, and verdicts. Made from messages, and told as messages again to whoever did not hear those. */
export class Registry {
  readonly #limits: RegistryLimits
  readonly #sources = new Map<string, KnownSource>()
  readonly #verdicts: Entry[] = []
  #verdictsSize = 0
  #actors = 0
  #size = 0
  #refused = 0

  constructor(limits: RegistryLimits) {
    this.#limits = limits
  }

  /** Actors that had no room. */
  get refused(): number {
    return this.#refused
  }

  apply(entry: Entry): void {
    const { message, text } = entry
    switch (message.type) {
      case 'webrtc.source':
        this.#forget(message.source)
        if (!this.#hasRoom(text.length)) break
        this.#size += text.length
        this.#sources.set(message.source, { entry, definitions: new Map(), actors: new Map() })
        break
      case 'webrtc.source-gone':
        this.#forget(message.source)
        break
      case '@xstate.actor':
        this.#register(message)
        break
      case '@xstate.snapshot':
        this.#update(message, text.length)
        break
      case 'webrtc.verdict':
        this.#keepVerdict(entry)
        break
      default:
        break
    }
  }

  /** Messages from which somebody who knows nothing knows what is there: parents before children, and with the first actor of each machine its definition. */
  entries(): Entry[] {
    const entries = [...this.#sources.values()].flatMap(({ entry, definitions, actors }) => {
      const untold = new Map(definitions)
      const registrations = Array.from(actors.values(), ({ message }) => {
        const { machine } = message
        const definition = machine === undefined ? undefined : untold.get(machine)
        if (machine === undefined || definition === undefined) return toEntry(message)
        untold.delete(machine)
        return toEntry({ ...message, definition })
      })
      return [entry, ...registrations]
    })
    return [...entries, ...this.#verdicts]
  }

  /** The newest, one of them at least. */
  #keepVerdict(entry: Entry): void {
    this.#verdicts.push(entry)
    this.#verdictsSize += entry.text.length
    const { verdicts, verdictsSize } = this.#limits
    while (this.#verdicts.length > 1 && (this.#verdicts.length > verdicts || this.#verdictsSize > verdictsSize)) {
      this.#verdictsSize -= this.#verdicts.shift()?.text.length ?? 0
    }
  }

  /** Also again, when its name or group has changed. */
  #register({ definition, ...message }: ActorMessage): void {
    const source = this.#sources.get(message.source)
    if (source === undefined) {
      this.#refused++
      return
    }
    const { machine } = message
    if (machine !== undefined && definition !== undefined && !source.definitions.has(machine)) {
      this.#define(source, machine, definition)
    }
    this.#set(source, message, JSON.stringify(message).length)
  }

  /** A machine that has no room is left out: its actors are told of without it. */
  #define({ definitions }: KnownSource, machine: string, definition: string): void {
    if (!this.#hasRoom(definition.length)) return
    definitions.set(machine, definition)
    this.#size += definition.length
  }

  #update({ source: name, sessionId, snapshot }: SnapshotMessage, size: number): void {
    const source = this.#sources.get(name)
    const known = source?.actors.get(sessionId)
    if (source === undefined || known === undefined) return
    if (snapshot.status === 'active') this.#set(source, { ...known.message, snapshot }, size)
    else this.#drop(source, sessionId)
  }

  /** One that was there stays in its place among the others, after its parent. */
  #set(source: KnownSource, message: ActorMessage, size: number): void {
    const { sessionId } = message
    const known = source.actors.get(sessionId)
    const isNew = known === undefined
    if ((isNew && this.#actors >= this.#limits.actors) || !this.#hasRoom(size - (known?.size ?? 0))) {
      this.#drop(source, sessionId)
      this.#refused++
      return
    }
    source.actors.set(sessionId, { message, size })
    if (isNew) this.#actors++
    this.#size += size - (known?.size ?? 0)
  }

  #hasRoom(size: number): boolean {
    return this.#size + size <= this.#limits.registrySize
  }

  #drop(source: KnownSource, sessionId: string): void {
    const known = source.actors.get(sessionId)
    if (known === undefined) return
    source.actors.delete(sessionId)
    this.#actors--
    this.#size -= known.size
  }

  #forget(name: string): void {
    const source = this.#sources.get(name)
    if (source === undefined) return
    for (const sessionId of [...source.actors.keys()]) this.#drop(source, sessionId)
    for (const definition of source.definitions.values()) this.#size -= definition.length
    this.#size -= source.entry.text.length
    this.#sources.delete(name)
  }
}
