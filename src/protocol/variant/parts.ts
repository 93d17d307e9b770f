import { invalid } from '../../checks.ts'

/** A part of a value, or an element of a packed array. @throws MultiplayerError `ERR_INVALID_PARAMETER` if there is none, which TypeScript does not let happen. */
export function present<Part>(part: Part): Part {
  if (part === null || part === undefined) throw invalid('A vector, colour or other part of a value is missing.', part)
  return part
}
