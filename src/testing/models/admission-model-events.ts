import type { MultiplayerErrorCode } from '../../multiplayer-error.ts'
import type { AdmissionModelEvent, AdmissionModelState } from './admission-model-types.ts'

const OF_CLIENT = ['CONNECT', 'FAIL', 'GIVE_UP', 'ACCEPT', 'REJECT', 'LOST', 'LEAVE', 'KICK', 'QUIT'] as const

/** Every event of `admissionModel` with these clients. */
export function admissionModelEvents(clients: readonly number[]): AdmissionModelEvent[] {
  return [
    ...clients.flatMap((id) => OF_CLIENT.map((type) => ({ type, id }))),
    ...(['TIME_OUT', 'REFUSE', 'WELCOME', 'CLOSE', 'REOPEN'] as const).map((type) => ({ type })),
  ]
}

/**
 * With which error a call is refused in this state; null for those that are no calls, or that say by their answer that they have nothing to do. `disconnect_peer` needs a peer that is
 * CONNECTED (State, poll, signals); a connection is refused by the peer itself, on which `refuse_new_connections` is.
 */
export function admissionModelRefusal(
  { value, context: { admitted, authenticating } }: AdmissionModelState,
  event: AdmissionModelEvent,
): MultiplayerErrorCode | null {
  switch (event.type) {
    case 'QUIT':
      return 'ERR_UNCONFIGURED'
    case 'KICK':
      return value === 'closed' ? 'ERR_UNCONFIGURED' : null
    case 'CONNECT':
      if (value === 'closed') return 'ERR_UNCONFIGURED'
      return value === 'refusing' ? 'ERR_UNAUTHORIZED' : 'ERR_ALREADY_IN_USE'
    case 'REOPEN':
      return admitted.length + authenticating.length > 0 ? 'ERR_ALREADY_IN_USE' : null
    default:
      return null
  }
}
