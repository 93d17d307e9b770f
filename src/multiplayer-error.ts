/**
 * Godot's global `Error` enum, the members that this library uses, with Godot's numbers
 * (Godot 4.6, `@GlobalScope.Error`).
 */
export const GODOT_ERRORS = {
  FAILED: 1,
  ERR_UNAVAILABLE: 2,
  ERR_UNCONFIGURED: 3,
  ERR_UNAUTHORIZED: 4,
  ERR_OUT_OF_MEMORY: 6,
  ERR_FILE_CANT_WRITE: 13,
  ERR_FILE_EOF: 18,
  ERR_ALREADY_IN_USE: 22,
  ERR_TIMEOUT: 24,
  ERR_CONNECTION_ERROR: 27,
  ERR_INVALID_DATA: 30,
  ERR_INVALID_PARAMETER: 31,
  ERR_DOES_NOT_EXIST: 33,
  ERR_BUG: 47,
} as const

/** The name of a Godot error, as found in {@link MultiplayerError.code}. */
export type MultiplayerErrorCode = keyof typeof GODOT_ERRORS

/** What a {@link MultiplayerError} carries besides its message. */
export interface MultiplayerErrorDetails {
  /** The value that was refused. */
  value?: unknown
  /** The error of a lower layer that led to this one. */
  cause?: unknown
}

/**
 * The one error class of this library. Where Godot returns an `Error` number, the methods here throw this,
 * with the same name in {@link MultiplayerError.code} and the same number in {@link MultiplayerError.godotError}.
 *
 * @example
 * ```ts
 * import { MultiplayerError, WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
 *
 * const mesh = new WebRTCMultiplayerPeer()
 * try {
 *   mesh.createClient(1) // 1 is the server's id
 * } catch (error) {
 *   if (error instanceof MultiplayerError) console.log(error.code) // 'ERR_INVALID_PARAMETER'
 * }
 * ```
 */
export class MultiplayerError extends Error {
  override readonly name = 'MultiplayerError'
  /** Godot's name for the error. */
  readonly code: MultiplayerErrorCode
  /** Godot's number for the error. */
  readonly godotError: number
  /** The value that was refused, if there was one. */
  readonly value: unknown

  constructor(code: MultiplayerErrorCode, message: string, details: MultiplayerErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    this.godotError = GODOT_ERRORS[code]
    this.value = details.value
  }
}
