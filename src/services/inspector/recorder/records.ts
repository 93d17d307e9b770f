import { ActorRecord, type Label } from './actor-record.ts'
import { kindOf } from './context-views.ts'
import { rootOf, type RunningActor } from './running-actor.ts'

/** The living actors that were told of, parents before their children. */
export class Records {
  readonly #source: string
  readonly #records = new Map<RunningActor, ActorRecord>()
  readonly #sessionIds = new Set<string>()

  constructor(source: string) {
    this.#source = source
  }

  get(actor: RunningActor): ActorRecord | undefined {
    return this.#records.get(actor)
  }

  /** As they are now, whatever is added and removed meanwhile. */
  get all(): ActorRecord[] {
    return [...this.#records.values()]
  }

  /** The actor and its descendants, as far as they were told of. */
  within(outer: RunningActor): ActorRecord[] {
    return this.all.filter(({ actor }) => isWithin(actor, outer))
  }

  add(actor: RunningActor, label: Label): ActorRecord {
    const root = rootOf(actor)
    const sessionId = this.#newSessionId(actor)
    const rootId = root === actor ? sessionId : (this.#records.get(root)?.sessionId ?? this.#idOf(root))
    const record = new ActorRecord(actor, sessionId, rootId, kindOf(actor.logic), label)
    this.#records.set(actor, record)
    this.#sessionIds.add(sessionId)
    return record
  }

  remove({ actor, sessionId }: ActorRecord): void {
    this.#records.delete(actor)
    this.#sessionIds.delete(sessionId)
  }

  clear(): void {
    this.#records.clear()
    this.#sessionIds.clear()
  }

  /** XState's ids are unique, except where there are two copies of it in one process. */
  #newSessionId(actor: RunningActor): string {
    const base = this.#idOf(actor)
    let id = base
    for (let number = 2; this.#sessionIds.has(id); number++) id = `${base}~${number}`
    return id
  }

  #idOf(actor: RunningActor): string {
    return `${this.#source}/${actor.sessionId}`
  }
}

function isWithin(actor: RunningActor, outer: RunningActor): boolean {
  for (let parent: RunningActor | undefined = actor; parent !== undefined; parent = parent._parent) {
    if (parent === outer) return true
  }
  return false
}
