import { invalid } from '../../../checks.ts'

/** What a name of a node cannot have in Godot: `/` and `:` divide paths, `%` and `"` mean something else in them; `@` is only in names that Godot itself has given. */
const NOT_IN_NAMES = /[.:"%\0]/

/** The root path itself, as Godot sends it. */
const SELF = '.'

/** Paths of nodes: whole ones, as users write them, and ones from the root path on, as they are on the wire. */
export class NodePaths {
  readonly #root: readonly string[]

  /** @throws MultiplayerError `ERR_INVALID_PARAMETER` unless it is a whole path. */
  constructor(rootPath: string) {
    if (!rootPath.startsWith('/')) throw invalid('rootPath is the whole path of a node, as /root.', rootPath)
    this.#root = namesOf(rootPath)
  }

  /**
   * A path as it is sent. Without a slash in front it already is one from the root path on.
   *
   * @throws MultiplayerError `ERR_INVALID_PARAMETER` for what is no path, or not one below the root path.
   */
  toWire(path: string): string {
    const relative = path === '' ? undefined : this.fromWire(path)
    if (relative === undefined || relative.split('/').some((name) => name !== SELF && NOT_IN_NAMES.test(name))) {
      throw invalid(
        `A node has a path as ${this.whole('Main/Player')}, below ${this.whole(SELF)}; names have no . : " or %.`,
        path,
      )
    }
    return relative
  }

  /**
   * A received path in its simplest form, found as Godot's `get_node` would find it.
   *
   * @returns undefined for a path that leads out of the root path.
   */
  fromWire(path: string): string | undefined {
    const names = path.startsWith('/') ? this.#belowRoot(namesOf(path)) : namesOf(path)
    if (names === undefined) return undefined
    const found: string[] = []
    for (const name of names) {
      if (name === '..' && found.pop() === undefined) return undefined
      if (name !== '..') found.push(name)
    }
    return found.length === 0 ? SELF : found.join('/')
  }

  /** The whole path of one on the wire. */
  whole(relative: string): string {
    return `/${[...this.#root, ...namesOf(relative)].join('/')}`
  }

  #belowRoot(names: readonly string[]): readonly string[] | undefined {
    return this.#root.every((name, i) => names[i] === name) ? names.slice(this.#root.length) : undefined
  }
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== SELF)
}
