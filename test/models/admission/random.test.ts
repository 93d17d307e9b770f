import { jest, test } from '@jest/globals'
import { admissionModelEvents } from '../../../src/testing/models/admission-model-events.ts'
import type {
  AdmissionModelEmitted,
  AdmissionModelEvent,
  AdmissionModelOptions,
  AdmissionModelState,
} from '../../../src/testing/models/admission-model-types.ts'
import { admissionModel } from '../../../src/testing/models/admission-model.ts'
import { AdmissionDriver } from '../support/admission-driver.ts'
import { PATIENCE } from '../support/patience.ts'
import { runRandomEvents } from '../support/random-events.ts'

jest.setTimeout(PATIENCE)

const CLIENTS = [2, 3, 4, 5]
const CASES: readonly AdmissionModelOptions[] = [
  { clients: CLIENTS, authenticates: true },
  { clients: CLIENTS, authenticates: true, serverRelay: false },
  { clients: CLIENTS, reportLostPeers: true },
]

const establish = (id: number): AdmissionModelEvent[] => [
  { type: 'CONNECT', id },
  { type: 'ACCEPT', id },
]

test.each(CASES)('random events at a server and four clients, %j', (options) =>
  runRandomEvents<AdmissionModelState, AdmissionModelEvent, AdmissionModelEmitted>({
    name: `admission, ${JSON.stringify(options)}`,
    model: admissionModel(options),
    events: admissionModelEvents(CLIENTS),
    weights: { CONNECT: 10, ACCEPT: 5, REFUSE: 1, CLOSE: 1, TIME_OUT: 1, WELCOME: 4, REOPEN: 4 },
    macros: [
      ...CLIENTS.map(establish),
      CLIENTS.flatMap(establish),
      [...establish(2), ...establish(3), { type: 'CONNECT', id: 4 }, { type: 'CONNECT', id: 5 }],
      [...establish(2), { type: 'REFUSE' }],
      // The same again, in place of the one who has just gone.
      ...CLIENTS.map((id): AdmissionModelEvent[] => [...establish(id), { type: 'LOST', id }, ...establish(id)]),
    ],
    deep: [
      { name: 'all admitted', isReached: ({ context: { admitted } }) => admitted.length === CLIENTS.length },
      {
        name: 'server closed',
        isReached: ({ value }, { type }) => type === 'CLOSE' && value === 'closed',
      },
      {
        name: 'refusing with peers',
        isReached: ({ value, context }) => value === 'refusing' && context.admitted.length > 0,
      },
      ...(options.authenticates === true
        ? [
            {
              name: 'two authenticate beside two',
              isReached: ({ context: { admitted, authenticating } }: AdmissionModelState) =>
                admitted.length > 1 && authenticating.length > 1,
            },
          ]
        : []),
    ],
    runs: 40,
    start: () => Promise.resolve(new AdmissionDriver(options)),
  }),
)
