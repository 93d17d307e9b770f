import { describe, expect, test } from '@jest/globals'
import type { MultiplayerAPIOptions } from '../../../src/services/multiplayer-api/options.ts'
import { TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { recordedSession } from './support/recording.ts'
import { type Action, expectedLog, expectedWire, Replay, returned, stateOf } from './support/replay.ts'

const { UNRELIABLE, UNRELIABLE_ORDERED } = TransferMode
const bytes = (...values: number[]) => Uint8Array.from(values)

const connects =
  (id: number): Action =>
  (replay) =>
    replay.connect(id)
const sends =
  (...[data, options]: Parameters<Replay['api']['sendBytes']>): Action =>
  ({ api }) =>
    api.sendBytes(data, options)
const losesConnection =
  (id: number): Action =>
  (replay) =>
    replay.disconnect(id)

interface Session {
  readonly name: Parameters<typeof recordedSession>[0]
  readonly options: MultiplayerAPIOptions
  /** What the application of each peer does at the begin of a step. */
  readonly actions: Readonly<Record<1 | 2 | 3, Readonly<Record<string, Action>>>>
}

const STEPS = {
  second: 'client 2 connects to server 1',
  third: 'client 3 connects to server 1: server tells 2 and 3 of each other with SYS ADD_PEER',
  disconnect: 'server 1: disconnect_peer(3) through SceneMultiplayer: SYS DEL_PEER to the rest',
  leave: 'client 2 leaves (multiplayer peer closed)',
}

const sessions: readonly Session[] = [
  {
    name: 'relay',
    options: {},
    actions: {
      1: {
        [STEPS.second]: connects(2),
        [STEPS.third]: connects(3),
        'server 1: send_bytes([8], 0 = all, reliable)': sends(bytes(8)),
        'server 1: send_bytes([9], 2, unreliable)': sends(bytes(9), { to: 2, mode: UNRELIABLE }),
        'server 1: send_bytes([10], -2, unreliable_ordered)': sends(bytes(10), { to: -2, mode: UNRELIABLE_ORDERED }),
        [STEPS.disconnect]: ({ api }) => api.disconnectPeer(3),
        [STEPS.leave]: losesConnection(2),
      },
      2: {
        [STEPS.second]: connects(1),
        'client 2: send_bytes("Hi3!", 3, reliable): relayed by the server': sends(bytes(72, 105, 51, 33), { to: 3 }),
        'client 2: send_bytes([1,2,3], 0 = all, reliable)': sends(bytes(1, 2, 3)),
        'client 2: send_bytes([4,5], -3 = all but 3, reliable)': sends(bytes(4, 5), { to: -3 }),
        'client 2: send_bytes([6], -1 = all but server, reliable)': sends(bytes(6), { to: -1 }),
        'client 2: send_bytes([7], 1 = server, reliable)': sends(bytes(7), { to: 1 }),
        [STEPS.leave]: ({ mesh }) => void mesh.close(),
      },
      3: {
        [STEPS.third]: connects(1),
        'client 3: send_bytes([11], 2, unreliable): relay keeps the mode': sends(bytes(11), {
          to: 2,
          mode: UNRELIABLE,
        }),
        'client 3: send_bytes([12], 2, unreliable_ordered, channel 2 (= data channel id 5)): relay keeps mode and channel':
          sends(bytes(12), { to: 2, mode: UNRELIABLE_ORDERED, channel: 2 }),
        [STEPS.disconnect]: losesConnection(1),
      },
    },
  },
  {
    name: 'auth',
    options: { authCallback: () => undefined },
    actions: {
      1: {
        'client 2 connects: peer_authenticating on both ends; nothing sent by itself': connects(2),
        'client 3 connects and both sides complete at once': connects(3),
      },
      2: {
        'client 2 connects: peer_authenticating on both ends; nothing sent by itself': connects(1),
        'client 2 send_bytes to 3': sends(bytes(42), { to: 3 }),
      },
      3: { 'client 3 connects and both sides complete at once': connects(1) },
    },
  },
  {
    name: 'norelay',
    options: { serverRelay: false },
    actions: {
      1: { 'client 2 connects': connects(2), 'client 3 connects': connects(3) },
      2: {
        'client 2 connects': connects(1),
        'client 2 send_bytes to 0': sends(bytes(1, 2)),
        'client 2 send_bytes to 3 (not known: error)': (replay) => {
          replay.note(returned(() => replay.api.sendBytes(bytes(1), { to: 3 })))
        },
      },
      3: { 'client 3 connects': connects(1) },
    },
  },
]

describe.each(sessions)('the recorded session $name', ({ name, options, actions }) => {
  const rows = recordedSession(name)

  test.each([1, 2, 3] as const)('peer %i sends and says what Godot did, in order', async (id) => {
    const who = id === 1 ? 'server1' : `client${id}`
    // An honest peer never does anything that counts.
    const replay = new Replay(id, { ...options, violationLimit: 0 })
    await replay.play(rows, actions[id])
    expect(replay.log).toEqual(expectedLog(rows, who))
    expect(replay.calls).toBe(name === 'relay' && id === 2 ? 31 : 0)
    for (const other of [1, 2, 3].filter((other) => other !== id)) {
      const wire = [...replay.wireOf(other)].sort()
      expect(wire).toEqual(expectedWire(rows, who, other).sort())
    }
    // The call with Godot's form of an empty PackedByteArray.
    expect(replay.api.stats().violations).toEqual(name === 'relay' && id === 1 ? { 'no-arguments': 1 } : {})
    const closed = replay.api.close()
    await replay.clock.run(5_000)
    await closed
    expect(replay.clock.pending).toBe(0)
  })
})

test.each([1, 2, 3])('peer %i knows the peers that Godot has listed', async (id) => {
  const rows = recordedSession('relay')
  const until = rows.findIndex(({ step }) => step === 'mp_state')
  const asked = rows.find(({ event, who }) => event?.unique_id === id && who.endsWith(String(id)))
  const replay = new Replay(id)
  await replay.play(rows.slice(0, until), sessions[0]?.actions[id as 1 | 2 | 3] ?? {})
  expect(stateOf(replay)).toEqual(asked?.event)
})
