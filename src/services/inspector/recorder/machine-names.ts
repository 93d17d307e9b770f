import { definitionOf } from './definition-of.ts'
import { isMachine } from './machine-node.ts'
import { nameText } from './plain-json.ts'

/** A machine as it is told: once with its definition, later by its name. */
export interface NamedMachine {
  readonly name: string
  /** JSON text; null for a machine that cannot be drawn. */
  readonly definition: string | null
}

/** Characters. The largest of our own has 3,634; one of a thousand states could not be looked at. */
const MAX_DEFINITION = 256 * 1024

/** Definitions that are remembered; programs have a few dozen machines. */
const MOST_DEFINED = 1_000

/** Names machines, each by its id, numbered where a machine of another definition has the same. */
export class MachineNames {
  readonly #machines = new WeakMap<object, NamedMachine>()
  /** The same by their definitions, as of machines that are made anew for each use (`provide`). */
  readonly #defined = new Map<string, NamedMachine>()
  readonly #taken = new Map<string, number>()

  /** @returns null for logic that is no machine. */
  of(logic: unknown): NamedMachine | null {
    if (!isMachine(logic)) return null
    const known = this.#machines.get(logic)
    if (known !== undefined) return known
    const machine = this.#named(logic.id, define(logic))
    this.#machines.set(logic, machine)
    return machine
  }

  #named(id: string, definition: string | null): NamedMachine {
    const same = definition === null ? undefined : this.#defined.get(definition)
    if (same !== undefined) return same
    const machine = { name: this.#nameFor(nameText(id)), definition }
    if (definition !== null && this.#defined.size < MOST_DEFINED) this.#defined.set(definition, machine)
    return machine
  }

  #nameFor(id: string): string {
    const number = (this.#taken.get(id) ?? 0) + 1
    this.#taken.set(id, number)
    return number === 1 ? id : `${id} ${number}`
  }
}

function define(machine: Parameters<typeof definitionOf>[0]): string | null {
  try {
    const text = JSON.stringify(definitionOf(machine))
    return text.length <= MAX_DEFINITION ? text : null
  } catch {
    // A machine that was made lazily and wrongly: XState would not run it either, but whoever watches must not break it.
    return null
  }
}
