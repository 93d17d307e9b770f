import type { LobbyErrorCode } from '../../../protocol/lobby/extension.ts'

/** WebSocket close codes: 4000 is what Godot's demo closes with, the others are of RFC 6455 and its registry. */
export const CloseCode = {
  NORMAL: 1000,
  GOING_AWAY: 1001,
  TOO_BIG: 1009,
  SERVICE_RESTART: 1012,
  TRY_AGAIN_LATER: 1013,
  PROTOCOL: 4000,
} as const

/** How a refusal is told. */
export interface Refusal {
  readonly closeCode: number
  /** Reason of the close: Godot's demo's words, where it has that refusal. */
  readonly reason: string
  /** Whether an extended client may go on with its socket after the ERROR. Others are always closed: they know no other answer. */
  readonly stays: boolean
  /** Milliseconds after which to try again, unless the case says it better. */
  readonly retryAfter?: number
  /** What the ERROR says, if it has more to say than the reason. */
  readonly message?: string
}

const { PROTOCOL, SERVICE_RESTART, TRY_AGAIN_LATER } = CloseCode

/** Milliseconds. A server that restarts, or its neighbour, is there again about then; clients add jitter of their own. */
const SOON = 1000
/** Milliseconds after which something that was full may have room. */
const LATER = 5000

export const REFUSALS: Readonly<Record<LobbyErrorCode, Refusal>> = {
  'invalid-message': closes('Invalid message format'),
  'invalid-transfer-mode': closes('Invalid transfer mode, must be text'),
  'unknown-command': closes('Invalid command'),
  'not-in-lobby': closes('Invalid message when not in a lobby'),
  'already-in-lobby': closes('Already in a lobby'),
  'join-timeout': closes('Have not joined lobby yet'),
  'lobby-not-found': stays('Lobby does not exists', { message: 'There is no lobby of that name.' }),
  'lobby-sealed': stays('Lobby is sealed', { message: 'The lobby is sealed: nobody can join it any more.' }),
  'lobby-full': stays('Lobby is full', { message: 'The lobby has all the members it may have.' }),
  'lobby-exists': stays('Lobby exists already', {
    message: 'There is a lobby of that name; join it, or choose another.',
  }),
  'too-many-lobbies': stays('Too many lobbies open, disconnecting', {
    message: 'Too many lobbies are open.',
    retryAfter: LATER,
  }),
  'too-many-sockets': closes('Too many peers connected', { retryAfter: LATER }),
  'too-many-pending': closes('Try again later', {
    closeCode: TRY_AGAIN_LATER,
    message: 'Too many clients are about to join.',
    retryAfter: SOON,
  }),
  'rate-limited': closes('Too many messages', { retryAfter: SOON }),
  'heartbeat-missed': closes('Heartbeat missed', { message: 'The client gave no sign of life.', retryAfter: SOON }),
  'not-host': stays('Only host can seal the lobby', { message: 'Only the host may do that.' }),
  'invalid-destination': stays('Invalid destination', { message: 'There is no such peer in the lobby for this one.' }),
  'host-left': closes('Room host has disconnected'),
  'token-invalid': stays('Token is not valid', {
    message: 'The place is no longer kept, or the token is not its own; join anew.',
  }),
  unauthorized: closes('Unauthorized', { message: 'This client may not do that.' }),
  moved: closes('Moved to another socket', { message: 'This member was taken up with another socket.' }),
  draining: closes('Service restart', {
    closeCode: SERVICE_RESTART,
    message: 'The server is going down; resume at another one.',
    retryAfter: SOON,
  }),
  unavailable: stays('Try again later', {
    closeCode: TRY_AGAIN_LATER,
    message: 'The server cannot reach its broker for the moment.',
    retryAfter: 2 * SOON,
  }),
}

function closes(reason: string, more: Partial<Refusal> = {}): Refusal {
  return { closeCode: PROTOCOL, reason, stays: false, ...more }
}

function stays(reason: string, more: Partial<Refusal> = {}): Refusal {
  return { ...closes(reason, more), stays: true }
}
