import { jest, test } from '@jest/globals'
import {
  isPossibleInLobbySessionModel,
  lobbySessionModelEvents,
} from '../../../src/testing/models/lobby-session-model-events.ts'
import type {
  LobbySessionModelEmitted,
  LobbySessionModelEvent,
  LobbySessionModelOptions,
  LobbySessionModelState,
} from '../../../src/testing/models/lobby-session-model-types.ts'
import { lobbySessionModel } from '../../../src/testing/models/lobby-session-model.ts'
import { LobbySessionDriver } from '../support/lobby-session-driver.ts'
import { PATIENCE } from '../support/patience.ts'
import { runRandomEvents } from '../support/random-events.ts'

jest.setTimeout(PATIENCE)

const CASES: readonly LobbySessionModelOptions[] = [
  { role: 'guest', server: 'extended' },
  { role: 'guest', server: 'extended', onHostLeave: 'keep' },
  { role: 'host', server: 'extended', onHostLeave: 'keep' },
  { role: 'host', server: 'plain' },
]

const JOIN: readonly LobbySessionModelEvent[] = [{ type: 'JOIN' }, { type: 'ANSWERED' }]

test.each(CASES)('random events in a lobby, %j', (options) =>
  runRandomEvents<LobbySessionModelState, LobbySessionModelEvent, LobbySessionModelEmitted>({
    name: `lobby session, ${JSON.stringify(options)}`,
    model: lobbySessionModel(options),
    events: lobbySessionModelEvents(options, ['other', 'third']),
    // What has no time to run out is tried along the paths; here all would wait for it.
    isPossible: (state, event) =>
      isPossibleInLobbySessionModel(state, event) && (event.type !== 'TIME_OUT' || state.can(event)),
    weights: { JOIN: 8, ANSWERED: 12, JOINS: 10, SOCKET_LOST: 6, SERVER_BACK: 8, SEAL: 1, LEAVE: 2, TIME_OUT: 1 },
    macros: [
      JOIN,
      [...JOIN, { type: 'JOINS', who: 'other' }, { type: 'JOINS', who: 'third' }],
      [...JOIN, { type: 'JOINS', who: 'other' }, { type: 'SEAL' }],
      [...JOIN, { type: 'SOCKET_LOST' }, { type: 'SERVER_BACK' }],
      [...JOIN, { type: 'SOCKET_LOST' }, { type: 'TIME_OUT', of: 'grace' }, { type: 'SERVER_BACK' }],
      [...JOIN, { type: 'SOCKET_LOST' }, { type: 'TIME_OUT', of: 'reconnects' }],
    ],
    deep: [
      { name: 'two are connected', isReached: ({ context: { linked } }) => linked.length === 2 },
      { name: 'detached', isReached: ({ value }) => value === 'detached' },
      { name: 'sealed', isReached: ({ value }) => value === 'sealed' },
      ...(options.server === 'extended'
        ? [
            {
              name: 'resumed',
              isReached: ({ value }: LobbySessionModelState, { type }: LobbySessionModelEvent) =>
                type === 'SERVER_BACK' && value === 'joined',
            },
          ]
        : []),
      { name: 'left', isReached: ({ value }) => value === 'left' },
    ],
    runs: 50,
    start: () => LobbySessionDriver.start(options),
  }),
)
