import { invalid } from '../../../checks.ts'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import { VariantType } from '../variant-type.ts'

/** Godot's `NodePath`: `/root/Main:position:x` is absolute, has the names `root` and `Main` and the subnames `position` and `x`. */
export class NodePath {
  /** @throws MultiplayerError `ERR_INVALID_PARAMETER` for a text instead of arrays of names: {@link NodePath.parse} takes that. */
  constructor(
    readonly names: readonly string[] = [],
    readonly subnames: readonly string[] = [],
    readonly absolute = false,
  ) {
    if (!Array.isArray(names) || !Array.isArray(subnames)) {
      throw invalid('A NodePath is made of arrays of names; use NodePath.parse for a text.', { names, subnames })
    }
  }

  /**
   * Reads a path as GDScript's `NodePath("...")` does: empty names are left out, a colon at the end too.
   *
   * @throws MultiplayerError `ERR_INVALID_PARAMETER` for an empty subname, as in `A::b`, and for what is not a text.
   */
  static parse(text: string): NodePath {
    if (typeof text !== 'string') throw invalid('A node path is parsed from a text.', text)
    const colon = text.indexOf(':')
    const path = colon < 0 ? text : text.slice(0, colon)
    const subnames = colon < 0 ? [] : text.slice(colon + 1).split(':')
    if (subnames.at(-1) === '') subnames.pop()
    if (subnames.includes('')) {
      throw new MultiplayerError(
        'ERR_INVALID_PARAMETER',
        `The node path "${text}" has an empty subname; remove a colon.`,
        {
          value: text,
        },
      )
    }
    return new NodePath(
      path.split('/').filter((name) => name !== ''),
      subnames,
      path.startsWith('/'),
    )
  }

  toString(): string {
    return [`${this.absolute ? '/' : ''}${this.names.join('/')}`, ...this.subnames].join(':')
  }

  get variantType(): VariantType.NODE_PATH {
    return VariantType.NODE_PATH
  }
}
