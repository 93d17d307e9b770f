import { MultiplayerError } from './multiplayer-error.ts'

/** The error about a value that is not allowed. */
export function invalid(message: string, value: unknown): MultiplayerError {
  return new MultiplayerError('ERR_INVALID_PARAMETER', message, { value })
}

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` unless the value is a whole number from `min` to `max`. */
export function checkWhole(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw invalid(`${name} must be a whole number from ${min} to ${max}.`, value)
  }
}
