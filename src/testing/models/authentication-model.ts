import {
  AUTHENTICATION_MODEL_TIMES,
  authenticationModelSide,
  authenticationModelSpec,
} from './authentication-model-side.ts'
import type {
  AuthenticationModel,
  AuthenticationModelOptions,
  AuthenticationModelSide,
} from './authentication-model-types.ts'

const BOTH = <Value>(value: Value): Record<AuthenticationModelSide, Value> => ({ a: value, b: value })

/**
 * The specification of two peers of a mesh that are connected and authenticate each other, or one of them the other. After Godot's `SceneMultiplayer` (4.x), by the sections of the
 * engine's behaviour ("Authentication", and "State, poll, signals" where that is said):
 *
 * - `peer_connected` (State): with a callback the peer is pending, and `peer_authenticating` is emitted; without, it is admitted: CONNECT.
 * - `send_auth`: to a pending peer, until either side has completed: SEND. `complete_auth`: once; it is admitted if the other side had completed: COMPLETE.
 * - Receiving while pending: data goes to the callback, also after the local completion; the empty one completes; anything else is dropped: ARRIVES.
 * - Receiving when admitted: an empty AUTH is ignored, a longer one is an error.
 * - Time-out: the peer is disconnected, `peer_authentication_failed`: TIME_PASSES. Lost while pending: the same instead of `peer_disconnected`: LOST, ENDS.
 * - Admit (State): `connected_to_server` for id 1 in a mesh too, then `peer_connected`. `disconnect_peer` (State): the caller hears nothing.
 * - One-sided: a side without authentication has the other admitted at once, and is disconnected when the other's time is over.
 *
 * And where this library decided otherwise or more (docs/multiplayer-api.md): `authenticate` refuses by false or by throwing; what a callback throws ends nothing; packets of the game
 * that come after this side has completed wait for the other's word; failures say whether anything was heard.
 *
 * @example
 * ```ts
 * import { AUTHENTICATION_MODEL_EVENTS, authenticationModel, transitionPaths } from 'webrtc-multiplayer/testing'
 *
 * const { paths, coverage } = transitionPaths(authenticationModel({ a: 'callback', b: 'none' }), {
 *   events: AUTHENTICATION_MODEL_EVENTS,
 *   isPossible: (_, { type }) => type !== 'RAW', // both sides keep to the rules
 * })
 * console.log(paths.length, coverage.transitions)
 * ```
 */
export function authenticationModel({ a, b }: AuthenticationModelOptions): AuthenticationModel {
  const machine = authenticationModelSpec.createMachine({
    id: 'authenticationModel',
    context: { left: AUTHENTICATION_MODEL_TIMES, heard: BOTH(false), held: BOTH(0) },
    type: 'parallel',
    states: { a: authenticationModelSide('a', a), b: authenticationModelSide('b', b) },
  })
  return machine as unknown as AuthenticationModel
}
