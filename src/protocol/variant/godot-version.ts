import { invalid } from '../../checks.ts'

/**
 * What is spoken on the wire changes with the engine. Each of these means that version and the ones after it, up to the next in the list:
 *
 * | version | what is different from then on |
 * |---|---|
 * | `'3'` | Godot 3.2 to 3.6: other type numbers, no `StringName`, no integer vectors, no authentication or relay |
 * | `'4.0'` | Godot 4.0 to 4.2, except 4.2.2 |
 * | `'4.2.2'` | Godot 4.2.2 alone: a node path is confirmed by its id, not by its text |
 * | `'4.3'` | typed arrays keep their type, `PackedVector4Array`; paths are confirmed by id |
 * | `'4.4'` | Godot 4.4 and later: typed dictionaries keep their types |
 */
export type GodotVersion = '3' | '4.0' | '4.2.2' | '4.3' | '4.4'

const VERSIONS: ReadonlySet<GodotVersion> = new Set<GodotVersion>(['3', '4.0', '4.2.2', '4.3', '4.4'])

/** What is spoken if nothing else is asked for. */
export const DEFAULT_GODOT_VERSION: GodotVersion = '4.4'

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` unless it is one of the versions; in JavaScript it may be anything, as the number 4. */
export function checkGodotVersion(version: GodotVersion): void {
  // Almost always it is the default, which spares the look-up for every packet.
  if (version !== DEFAULT_GODOT_VERSION && !VERSIONS.has(version)) {
    throw invalid(`version must be one of ${[...VERSIONS].map((known) => `'${known}'`).join(', ')}.`, version)
  }
}
