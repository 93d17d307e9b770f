import { expect, test } from '@jest/globals'
import {
  LOBBY_SUBPROTOCOL,
  LobbyMessageType,
  TOKEN_SUBPROTOCOL_PREFIX,
  messageTypeOf,
} from '../../../src/protocol/lobby/message.ts'

test.each([
  [0, LobbyMessageType.JOIN],
  [LobbyMessageType.ERROR, LobbyMessageType.ERROR],
  [-1, undefined],
  [99, undefined],
  [0.5, undefined],
])('a message of type %p is of type %p', (type, known) => {
  expect(messageTypeOf({ type })).toBe(known)
})

test('the names on the wire that other versions know', () => {
  expect([LOBBY_SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX]).toEqual([
    'webrtc-multiplayer.lobby.1',
    'webrtc-multiplayer.token.',
  ])
})
