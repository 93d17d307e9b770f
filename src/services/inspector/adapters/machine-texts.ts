import { isObject } from '../wire/check.ts'

/** Characters of one definition, as the recorder has it: one of a thousand states could not be looked at. */
const MAX_DEFINITION = 256 * 1024
/** Characters of all definitions of one source; its actors have no statecharts beyond that. The largest machine of this package has 3,634. */
const MOST_TEXT = 8 * 1024 * 1024
/** What an entry takes beside its text, counted as characters. */
const ENTRY_SIZE = 200
/** Characters of a machine's name. */
const MAX_NAME = 100

/** A machine of a source that tells all of it with each actor. */
export interface NamedText {
  readonly name: string
  /** Whether the definition was told on. */
  isTold: boolean
}

/** Names machines, each by its id, numbered where another machine has the same. */
export class MachineTexts {
  readonly #machines = new Map<string, NamedText>()
  readonly #taken = new Map<string, number>()
  #size = 0

  /** @returns null for one that is too large, and where there are too many. */
  of(definition: string): NamedText | null {
    const known = this.#machines.get(definition)
    if (known !== undefined) return known
    if (definition.length > MAX_DEFINITION || this.#size + definition.length > MOST_TEXT) return null
    this.#size += definition.length + ENTRY_SIZE
    const machine = { name: this.#nameFor(idOf(definition)), isTold: false }
    this.#machines.set(definition, machine)
    return machine
  }

  #nameFor(id: string): string {
    const number = (this.#taken.get(id) ?? 0) + 1
    this.#taken.set(id, number)
    return number === 1 ? id : `${id} ${number}`
  }
}

function idOf(definition: string): string {
  try {
    const value: unknown = JSON.parse(definition)
    if (isObject(value) && typeof value.id === 'string') return value.id.slice(0, MAX_NAME)
  } catch {
    // It cannot be drawn; its actors are told of all the same.
  }
  return 'machine'
}
