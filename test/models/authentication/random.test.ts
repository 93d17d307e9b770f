import { jest, test } from '@jest/globals'
import {
  AUTHENTICATION_MODEL_EVENTS,
  isPossibleInAuthenticationModel,
} from '../../../src/testing/models/authentication-model-events.ts'
import type { AuthenticationModelOptions } from '../../../src/testing/models/authentication-model-types.ts'
import { authenticationModel } from '../../../src/testing/models/authentication-model.ts'
import { AuthenticationDriver } from '../support/authentication-driver.ts'
import { PATIENCE } from '../support/patience.ts'
import { runRandomEvents } from '../support/random-events.ts'

jest.setTimeout(PATIENCE)

const CASES: readonly AuthenticationModelOptions[] = [
  { a: 'callback', b: 'callback' },
  { a: 'authenticate', b: 'authenticate' },
]

test.each(CASES)('random events between peers that authenticate by $a and $b', (ways) =>
  runRandomEvents({
    name: `authentication by ${ways.a} and ${ways.b}`,
    model: authenticationModel(ways),
    events: AUTHENTICATION_MODEL_EVENTS,
    isPossible: isPossibleInAuthenticationModel,
    weights: { CONNECT: 12, COMPLETE: 6, SEND: 6, RAW: 12, LOST: 1, DISCONNECT: 1 },
    macros: [
      [{ type: 'CONNECT' }, { type: 'COMPLETE', side: 'a' }],
      [{ type: 'CONNECT' }, { type: 'COMPLETE', side: 'b' }, { type: 'COMPLETE', side: 'a' }],
      // Completed by a packet, a side has not completed itself.
      [{ type: 'CONNECT' }, { type: 'RAW', side: 'a', what: 'done' }, { type: 'COMPLETE', side: 'b' }],
      [{ type: 'CONNECT' }, { type: 'COMPLETE', side: 'a' }, { type: 'RAW', side: 'b', what: 'game' }],
      [{ type: 'CONNECT' }, { type: 'TIME_PASSES' }, { type: 'TIME_PASSES' }],
    ],
    deep: [
      { name: 'both admitted', isReached: ({ value: { a, b } }) => a === 'admitted' && b === 'admitted' },
      {
        name: 'one admitted, one pending',
        isReached: ({ value: { a, b } }) =>
          [a, b].includes('admitted') && (typeof a === 'object' || typeof b === 'object'),
      },
      { name: 'a packet is held', isReached: ({ context: { held } }) => held.a + held.b > 0 },
      { name: 'time-out', isReached: ({ value: { a } }, { type }) => type === 'TIME_PASSES' && a === 'away' },
      ...(ways.a === 'authenticate'
        ? [{ name: 'refused', isReached: (_: unknown, { type }: { type: string }) => type === 'REFUSE' }]
        : []),
    ],
    runs: 60,
    start: () => Promise.resolve(new AuthenticationDriver(ways)),
  }),
)
