import { MultiplayerError, type MultiplayerErrorCode } from '../../../multiplayer-error.ts'
import { type ErrorData, type LobbyErrorCode, parseExtension } from '../../../protocol/lobby/extension.ts'
import { type LobbyMessage, LobbyMessageType, messageTypeOf } from '../../../protocol/lobby/message.ts'

/** What the {@link MultiplayerError.value} of a lobby server's refusal is. */
export interface LobbyRefusal {
  readonly code: LobbyErrorCode
  /** Milliseconds after which it may be tried again; absent where that is of no use. */
  readonly retryAfter?: number
}

interface Meaning {
  readonly code: MultiplayerErrorCode
  readonly advice: string
}

const MEANINGS: Readonly<Record<LobbyErrorCode, Meaning>> = {
  'invalid-message': { code: 'ERR_INVALID_DATA', advice: 'Check that client and server are of compatible versions.' },
  'invalid-transfer-mode': { code: 'ERR_INVALID_DATA', advice: 'Send text frames only.' },
  'unknown-command': { code: 'ERR_INVALID_DATA', advice: 'Check that client and server are of compatible versions.' },
  'not-in-lobby': { code: 'ERR_UNCONFIGURED', advice: 'Join a lobby first.' },
  'already-in-lobby': { code: 'ERR_ALREADY_IN_USE', advice: 'Leave the lobby first.' },
  'join-timeout': { code: 'ERR_TIMEOUT', advice: 'Try again; the way to the server is slow.' },
  'lobby-not-found': { code: 'ERR_DOES_NOT_EXIST', advice: 'Check the name of the lobby, or create one.' },
  'lobby-sealed': { code: 'ERR_UNAUTHORIZED', advice: 'Join another lobby: this one takes nobody any more.' },
  'lobby-full': { code: 'ERR_UNAVAILABLE', advice: 'Join another lobby, or wait until somebody leaves.' },
  'lobby-exists': { code: 'ERR_ALREADY_IN_USE', advice: 'Choose another name, or join it.' },
  'too-many-lobbies': { code: 'ERR_UNAVAILABLE', advice: 'Try again later.' },
  'too-many-sockets': { code: 'ERR_UNAVAILABLE', advice: 'Try again later.' },
  'too-many-pending': { code: 'ERR_UNAVAILABLE', advice: 'Try again later.' },
  'rate-limited': { code: 'ERR_UNAVAILABLE', advice: 'Try again later, and less often.' },
  'not-host': { code: 'ERR_UNAUTHORIZED', advice: 'Leave that to the host.' },
  'invalid-destination': { code: 'ERR_DOES_NOT_EXIST', advice: 'Send to members of the lobby only.' },
  'host-left': { code: 'ERR_CONNECTION_ERROR', advice: 'Join another lobby.' },
  'token-invalid': { code: 'ERR_UNAUTHORIZED', advice: 'Join anew: the place in the lobby is gone.' },
  unauthorized: { code: 'ERR_UNAUTHORIZED', advice: 'Pass a valid `token`.' },
  'heartbeat-missed': { code: 'ERR_TIMEOUT', advice: 'Join again; this side was silent for too long.' },
  moved: { code: 'ERR_ALREADY_IN_USE', advice: 'Another socket has taken this place in the lobby; close one of them.' },
  draining: { code: 'ERR_UNAVAILABLE', advice: 'Try again: the server is being replaced.' },
  unavailable: { code: 'ERR_UNAVAILABLE', advice: 'Try again later.' },
}

/** Reasons with which Godot's demo server closes sockets. */
const PLAIN_REASONS: ReadonlyMap<string, LobbyErrorCode> = new Map([
  ['Have not joined lobby yet', 'join-timeout'],
  ['Room host has disconnected', 'host-left'],
  ['Only host can seal the lobby', 'not-host'],
  ['Too many lobbies open, disconnecting', 'too-many-lobbies'],
  ['Already in a lobby', 'already-in-lobby'],
  ['Lobby does not exists', 'lobby-not-found'],
  ['Lobby is sealed', 'lobby-sealed'],
  ['Invalid message format', 'invalid-message'],
  ['Invalid message when not in a lobby', 'not-in-lobby'],
  ['Invalid destination', 'invalid-destination'],
  ['Invalid command', 'unknown-command'],
  ['Too many peers connected', 'too-many-sockets'],
  ['Invalid transfer mode, must be text', 'invalid-transfer-mode'],
])

/** The error for a server's ERROR message. */
export function refusalError({ code, message, retryAfter }: Omit<ErrorData, 'closing'>): MultiplayerError {
  const { code: name, advice } = MEANINGS[code]
  const value: LobbyRefusal = { code, ...(retryAfter !== undefined && { retryAfter }) }
  return new MultiplayerError(name, `The lobby server refuses: ${message.replace(/[.\s]*$/, '.')} ${advice}`, { value })
}

/** The error for a server that says nothing. */
export function timeoutError(milliseconds: number): MultiplayerError {
  return new MultiplayerError('ERR_TIMEOUT', `The lobby server did not answer within ${milliseconds} ms; try again.`)
}

/** The error for what Godot's demo server knows nothing of. */
export function plainServerError(): MultiplayerError {
  return new MultiplayerError(
    'ERR_UNAVAILABLE',
    `This server speaks Godot's protocol alone: no lists, metadata, or \`create\` with options or \`lobby\`.`,
  )
}

/** The error for a socket that the server closed, or that was lost. */
export function closeError(code: number, reason: string): MultiplayerError {
  const known = PLAIN_REASONS.get(reason)
  if (known !== undefined) return refusalError({ code: known, message: reason })
  const why = reason === '' ? `code ${code}` : `code ${code}, '${reason}'`
  return new MultiplayerError(
    'ERR_CONNECTION_ERROR',
    `The connection to the lobby server was closed (${why}); join again.`,
    { value: { closeCode: code, reason } },
  )
}

/** The code by which a lobby server refused something; null for any other error. */
export function lobbyErrorCode(error: unknown): LobbyErrorCode | null {
  return refusalOf(error)?.code ?? null
}

/** When to try again what a lobby server refused, in milliseconds; null if the error does not say. */
export function retryAfterOf(error: unknown): number | null {
  return refusalOf(error)?.retryAfter ?? null
}

/** Refusals that may pass by themselves. */
const PASSING: ReadonlySet<LobbyErrorCode> = new Set([
  'draining',
  'unavailable',
  'rate-limited',
  'join-timeout',
  'heartbeat-missed',
  'too-many-sockets',
  'too-many-pending',
  'too-many-lobbies',
  // A plain server closes the socket of whoever sends a signal to a member that has just left.
  'invalid-destination',
])

/** Whether the same request may succeed later: a lost socket, or a refusal that passes. */
export function mayPass(error: unknown): boolean {
  const code = lobbyErrorCode(error)
  if (code !== null) return PASSING.has(code)
  return error instanceof MultiplayerError && ['ERR_CONNECTION_ERROR', 'ERR_TIMEOUT'].includes(error.code)
}

/** Reads the data of an ERROR message; null if it is not of the form. */
export function readError(data: unknown): ErrorData | null {
  if (typeof data !== 'object' || data === null) return null
  const { code, message, retryAfter, closing } = data as Record<string, unknown>
  if (typeof code !== 'string' || !Object.hasOwn(MEANINGS, code)) return null
  const wait = typeof retryAfter === 'number' && retryAfter >= 0 ? Math.min(retryAfter, LONGEST_WAIT) : undefined
  return {
    code: code as LobbyErrorCode,
    message: typeof message === 'string' ? message.slice(0, 1_000) : code,
    closing: closing === true,
    ...(wait !== undefined && { retryAfter: wait }),
  }
}

/** Milliseconds; a server that asks for more is asked again after this. */
const LONGEST_WAIT = 300_000

function refusalOf(error: unknown): LobbyRefusal | null {
  if (!(error instanceof MultiplayerError) || typeof error.value !== 'object' || error.value === null) return null
  const { code } = error.value as { code?: unknown }
  return typeof code === 'string' && Object.hasOwn(MEANINGS, code) ? (error.value as LobbyRefusal) : null
}

/** The error that a message tells of; null if it is no ERROR. */
export function refusalIn(message: LobbyMessage): MultiplayerError | null {
  const refusal = messageTypeOf(message) === LobbyMessageType.ERROR ? readError(parseExtension(message.data)) : null
  return refusal === null ? null : refusalError(refusal)
}
