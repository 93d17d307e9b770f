/** Wrong things that a peer can do with remote calls. */
export type RpcViolation =
  /** It calls a node by a number that it never announced. */
  | 'unknown-path-id'
  /** It announces another node by a number that it has used before. */
  | 'path-conflict'
  /** It names a node outside the root path. */
  | 'bad-path'
  /** It confirms what was not announced to it. */
  | 'unrequested-confirmation'
  /** It calls a method that the node does not have. */
  | 'unknown-method'
  /** It calls a method that it may not call. */
  | 'not-permitted'
  /** Its arguments cannot be decoded, or are not of the method's types. */
  | 'bad-arguments'
  /** It calls without arguments a method that takes bytes: so Godot sends a single PackedByteArray that is empty, and refuses it itself. */
  | 'no-arguments'
  /** It answers what was not asked, or not with the method's type. */
  | 'bad-answer'
  /** Too many of its calls are unanswered. */
  | 'too-many-calls'
