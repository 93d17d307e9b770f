import type { MultiplayerErrorCode } from '../../multiplayer-error.ts'
import type {
  AuthenticationModelEvent,
  AuthenticationModelMessage,
  AuthenticationModelState,
} from './authentication-model-types.ts'

const SIDES = ['a', 'b'] as const
const MESSAGES: readonly AuthenticationModelMessage[] = ['done', 'data', 'poison', 'game', 'forged', 'malformed']

/** Every event of `authenticationModel`. */
export const AUTHENTICATION_MODEL_EVENTS: readonly AuthenticationModelEvent[] = [
  { type: 'CONNECT' },
  ...SIDES.flatMap((side): AuthenticationModelEvent[] => [
    { type: 'SEND', side },
    { type: 'COMPLETE', side },
    { type: 'REFUSE', side },
    { type: 'DISCONNECT', side },
    ...MESSAGES.map((what) => ({ type: 'RAW' as const, side, what })),
  ]),
  { type: 'LOST' },
  { type: 'TIME_PASSES' },
]

/** Leaves out what would make more states of no other kind: more than one packet of the game that waits for an admission. */
export function isPossibleInAuthenticationModel(
  { context: { held } }: AuthenticationModelState,
  event: AuthenticationModelEvent,
): boolean {
  return event.type !== 'RAW' || event.what !== 'game' || held[event.side === 'a' ? 'b' : 'a'] === 0
}

/** With which error a call is refused in this state; null for those that are no calls, or that say by their answer that they have nothing to do. Section 3. */
export function authenticationModelRefusal(
  { value }: AuthenticationModelState,
  event: AuthenticationModelEvent,
): MultiplayerErrorCode | null {
  if (event.type !== 'SEND' && event.type !== 'COMPLETE') return null
  return typeof value[event.side] === 'string' ? 'ERR_INVALID_PARAMETER' : 'ERR_FILE_CANT_WRITE'
}
