import { describe, expect, test } from '@jest/globals'
import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { MultiplayerAPI } from '../../../src/services/multiplayer-api/multiplayer-api.ts'
import { fromHex, toHex } from '../../protocol/variant/vectors.ts'
import { bytes, codeOf, heardBy } from './support/api-world.ts'
import { FakePeer } from './support/fake-peer.ts'

// Godot's guards of send_auth and complete_auth, and what is taken from a peer that authenticates, row by row.

const DATA = bytes(0x61)

/** A server and peer 2, which authenticates; no limit of time. */
function authenticating() {
  const peer = new FakePeer(1)
  const heard: string[] = []
  const api = new MultiplayerAPI(peer, {
    authTimeout: 0,
    authCallback: (id, data) => heard.push(`data ${id} ${toHex(data)}`),
  })
  const sent: string[] = []
  peer.onSend = (data, { to, mode, channel }) => sent.push(`${to} ${mode}/${channel} ${toHex(data)}`)
  peer.connect(2)
  const signals = heardBy(api)
  return { peer, api, heard, signals, sent }
}

type World = ReturnType<typeof authenticating>

const LOCAL_DONE = ({ api }: World): void => api.completeAuth(2)
const REMOTE_DONE = ({ peer }: World): void => peer.receive(2, fromHex('0700'))

/** How far it is before. */
const STATES: Readonly<Record<string, (world: World) => void>> = {
  exchanging: () => undefined,
  'this side is done': LOCAL_DONE,
  'the other side is done': REMOTE_DONE,
  'both are done': (world) => {
    LOCAL_DONE(world)
    REMOTE_DONE(world)
  },
  'it has failed': ({ peer }) => peer.disconnectPeer(2),
  'not CONNECTED': ({ peer }) => peer.connectionStatus$.next(ConnectionStatus.CONNECTING),
  'without a peer': ({ api }) => (api.multiplayerPeer = null),
}

function worldIn(state: string): World {
  const world = authenticating()
  STATES[state]?.(world)
  for (const list of [world.heard, world.signals, world.sent]) list.length = 0
  return world
}

describe('sendAuth', () => {
  test.each<[state: string, data: Uint8Array, result: unknown]>([
    ['exchanging', DATA, undefined],
    ['exchanging', bytes(), 'ERR_INVALID_PARAMETER'],
    ['this side is done', DATA, 'ERR_FILE_CANT_WRITE'],
    ['this side is done', bytes(), 'ERR_INVALID_PARAMETER'],
    ['the other side is done', DATA, 'ERR_FILE_CANT_WRITE'],
    ['both are done', DATA, 'ERR_INVALID_PARAMETER'],
    ['it has failed', DATA, 'ERR_INVALID_PARAMETER'],
    ['not CONNECTED', DATA, 'ERR_UNCONFIGURED'],
    ['not CONNECTED', bytes(), 'ERR_UNCONFIGURED'],
    ['without a peer', DATA, 'ERR_UNCONFIGURED'],
  ])('%s: %j', (state, data, result) => {
    const { api, sent } = worldIn(state)
    expect(codeOf(() => api.sendAuth(2, data))).toBe(result)
    // Directly, reliably, on channel 0.
    expect(sent).toEqual(result === undefined ? ['2 2/0 070061'] : [])
  })
})

describe('completeAuth', () => {
  test.each<[state: string, result: unknown, isAdmitted: boolean]>([
    ['exchanging', undefined, false],
    ['this side is done', 'ERR_FILE_CANT_WRITE', false],
    ['the other side is done', undefined, true],
    ['both are done', 'ERR_INVALID_PARAMETER', false],
    ['it has failed', 'ERR_INVALID_PARAMETER', false],
    ['not CONNECTED', 'ERR_UNCONFIGURED', false],
    ['without a peer', 'ERR_UNCONFIGURED', false],
  ])('%s: %j, admitted: %j', (state, result, isAdmitted) => {
    const { api, sent, signals } = worldIn(state)
    expect(codeOf(() => api.completeAuth(2))).toBe(result)
    expect(sent).toEqual(result === undefined ? ['2 2/0 0700'] : [])
    expect(signals).toEqual(isAdmitted ? ['connected 2'] : [])
  })

  test.each([0, 1, 3, -2, NaN])('of %d, which does not authenticate: ERR_INVALID_PARAMETER', (id) => {
    const { api, sent } = worldIn('exchanging')
    expect(codeOf(() => api.completeAuth(id))).toBe('ERR_INVALID_PARAMETER')
    expect(codeOf(() => api.sendAuth(id, DATA))).toBe('ERR_INVALID_PARAMETER')
    expect(sent).toEqual([])
  })

  test('sends before it admits', () => {
    const { peer, api, signals } = worldIn('the other side is done')
    peer.onSend = (data) => signals.push(`sent ${toHex(data)}`)
    api.completeAuth(2)
    expect(signals).toEqual(['sent 0700', 'connected 2'])
  })
})

describe('a packet of a peer', () => {
  const rows: [state: string, hex: string, heard: string[], signals: string[], violations: object][] = [
    ['exchanging', '070061', ['data 2 61'], [], {}],
    ['exchanging', '0700', [], [], {}],
    ['exchanging', '0361', [], [], { unauthenticated: 1 }],
    ['exchanging', '070103000000', [], [], { unauthenticated: 1 }],
    ['exchanging', '0703000000000361', [], [], { unauthenticated: 1 }],
    ['exchanging', '07', [], [], { malformed: 1 }],
    ['exchanging', '', [], [], { unauthenticated: 1 }],
    // The callback gets data after this side is done too.
    ['this side is done', '070061', ['data 2 61'], [], {}],
    ['this side is done', '0700', [], ['connected 2'], {}],
    ['this side is done', '070103000000', [], [], { unauthenticated: 1 }],
    ['the other side is done', '070061', ['data 2 61'], [], {}],
    ['the other side is done', '0700', [], [], {}],
    ['the other side is done', '0361', [], [], { unauthenticated: 1 }],
    ['both are done', '0700', [], [], {}],
    ['both are done', '070061', [], [], { 'unexpected-auth': 1 }],
    ['both are done', '0361', [], ['packet 2 61'], {}],
    ['it has failed', '070061', [], [], {}],
    ['it has failed', '0361', [], [], {}],
  ]

  test.each(rows)('%s, %s: %j %j %j', (state, hex, heard, signals, violations) => {
    const world = worldIn(state)
    world.peer.receive(2, fromHex(hex))
    expect(world.heard).toEqual(heard)
    expect(world.signals).toEqual(signals)
    expect(world.api.stats().violations).toEqual(violations)
    expect(world.sent).toEqual([])
  })
})

describe('what a peer sends after it has admitted this one, but comes before its word for it', () => {
  /** Server 1 was accepted here, but nothing was heard of its acceptance; on other channels its packets come already. */
  function admittedByServer(limits: { authenticationBytes?: number } = {}) {
    const peer = new FakePeer(2)
    const api = new MultiplayerAPI(peer, { authTimeout: 0, authCallback: () => undefined, violationLimit: 0, limits })
    peer.connect(1)
    api.completeAuth(1)
    return { peer, api, signals: heardBy(api) }
  }

  test('waits for it', () => {
    const { peer, api, signals } = admittedByServer()
    for (const hex of ['0361', '0703030000000362', '0363']) peer.receive(1, fromHex(hex))
    expect(signals).toEqual([])
    peer.receive(1, fromHex('0700'))
    expect(signals).toEqual(['connectedToServer', 'connected 1', 'packet 1 61', 'packet 1 63'])
    // The relayed one waits for its peer.
    peer.receive(1, fromHex('070103000000'))
    expect(signals.slice(4)).toEqual(['connected 3', 'packet 3 62'])
    expect(api.stats().violations).toEqual({})
  })

  test('but not without end: the rest is dropped and counted', () => {
    const { peer, api, signals } = admittedByServer({ authenticationBytes: 3 * (64 + 2) })
    for (const hex of ['0361', '0362', '0363', '0364', '0365']) peer.receive(1, fromHex(hex))
    expect(api.stats().violations).toEqual({ unauthenticated: 2 })
    peer.receive(1, fromHex('0700'))
    expect(signals).toEqual(['connectedToServer', 'connected 1', 'packet 1 61', 'packet 1 62', 'packet 1 63'])
  })

  test('and is counted if that never comes', () => {
    const { peer, api, signals } = admittedByServer()
    for (const hex of ['0361', '0362']) peer.receive(1, fromHex(hex))
    peer.disconnectPeer(1)
    peer.connect(1)
    api.completeAuth(1)
    peer.receive(1, fromHex('0700'))
    expect(signals).toEqual([
      'failure 1 connection-lost',
      'authenticationFailed 1',
      'authenticating 1',
      'connectedToServer',
      'connected 1',
    ])
    expect(api.stats().violations).toEqual({ unauthenticated: 2 })
  })

  test('stops coming when a listener disconnects the peer', () => {
    const { peer, api, signals } = admittedByServer()
    for (const hex of ['0361', '0362']) peer.receive(1, fromHex(hex))
    api.peerPacket$.subscribe(() => api.disconnectPeer(1))
    peer.receive(1, fromHex('0700'))
    expect(signals).toEqual(['connectedToServer', 'connected 1', 'packet 1 61'])
  })
})

describe('while peer 2 authenticates', () => {
  test('nobody is told of it, and nothing is sent to it', () => {
    const { peer, api, sent } = authenticating()
    peer.connect(3)
    api.completeAuth(3)
    peer.receive(3, fromHex('0700'))
    sent.length = 0
    // To everyone, to all but oneself, and to it.
    for (const target of ['00000000', 'fdffffff', '02000000']) peer.receive(3, fromHex(`0703${target}0361`))
    expect(api.sendBytes(DATA)).toEqual({ sent: 1, dropped: 0, skipped: 0 })
    expect([sent, api.getPeers(), api.getAuthenticatingPeers()]).toEqual([['3 2/0 0361'], [3], [2]])
    expect(api.stats().violations).toEqual({ 'unknown-target': 1 })
  })
})
