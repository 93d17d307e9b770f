import { MultiplayerError } from '../../../multiplayer-error.ts'
import { VariantType } from '../variant-type.ts'

/** Godot's `NodePath`: `/root/Main:position:x` is absolute, has the names `root` and `Main` and the subnames `position` and `x`. */
export class NodePath {
  constructor(
    readonly names: readonly string[] = [],
    readonly subnames: readonly string[] = [],
    readonly absolute = false,
  ) {}

  /**
   * Reads a path as GDScript's `NodePath("...")` does: empty names are left out, a colon at the end too.
   *
   * @throws MultiplayerError `ERR_INVALID_PARAMETER` for an empty subname, as in `A::b`.
   */
  static parse(text: string): NodePath {
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
