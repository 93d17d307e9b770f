import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { MultiplayerError, type MultiplayerErrorCode } from '../../../src/multiplayer-error.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { SimulatedNetwork } from '../../../src/testing/index.ts'
import type { WebRTCPeerConnection } from '../../../src/transport/peer-connection.ts'
import { refusal } from '../../support/refusal.ts'

const NO_MODE = JSON.parse('3') as TransferMode
const network = new SimulatedNetwork()
const connections: WebRTCPeerConnection[] = []
const fresh = (): WebRTCPeerConnection => {
  const connection = network.createConnection()
  connections.push(connection)
  return connection
}
const used = (): WebRTCPeerConnection => {
  const connection = fresh()
  connection.createDataChannel('other')
  connection.createOffer()
  return connection
}

const meshes: WebRTCMultiplayerPeer[] = []
const mesh = (start: (mesh: WebRTCMultiplayerPeer) => void = () => undefined): WebRTCMultiplayerPeer => {
  const made = new WebRTCMultiplayerPeer({ clock: network.clock })
  meshes.push(made)
  start(made)
  return made
}
afterEach(() => {
  for (const made of meshes.splice(0)) made[Symbol.dispose]()
  for (const connection of connections.splice(0)) connection.close()
})

function codeOf(action: () => unknown): MultiplayerErrorCode | 'OK' {
  try {
    action()
    return 'OK'
  } catch (error) {
    if (!(error instanceof MultiplayerError)) throw error
    expect(error).toEqual(refusal(error.code))
    return error.code
  }
}

describe('addPeer: the checks in Godot’s order', () => {
  const asMesh = () =>
    mesh((m) => {
      m.createMesh(5)
    })
  const asClient = () =>
    mesh((m) => {
      m.createClient(5)
    })
  const asServer = () =>
    mesh((m) => {
      m.createServer()
    })
  const refusing = () => {
    const made = asMesh()
    made.refuseNewConnections = true
    return made
  }
  // What each row passes is wrong in every later respect too, so it shows that its check comes first.
  const nothing = null as unknown as WebRTCPeerConnection
  const rows: [
    string,
    () => WebRTCMultiplayerPeer,
    () => WebRTCPeerConnection,
    number,
    number,
    MultiplayerErrorCode,
    string,
  ][] = [
    ['1 never started', () => mesh(), () => nothing, -1, -1, 'ERR_UNCONFIGURED', 'Start this mesh first'],
    [
      '1 after close',
      () =>
        mesh((m) => {
          m.createMesh(5)
          void m.close()
        }),
      fresh,
      2,
      1,
      'ERR_UNCONFIGURED',
      'Start this mesh first',
    ],
    [
      '7 what is no connection',
      asMesh,
      () => 'connection' as unknown as WebRTCPeerConnection,
      2,
      1,
      'ERR_INVALID_PARAMETER',
      'must be a WebRTCPeerConnection',
    ],
    ['2 client, id not 1', asClient, () => nothing, 2, -1, 'ERR_INVALID_PARAMETER', 'only connects to the server'],
    ['3 server, id 1', asServer, () => nothing, 1, -1, 'ERR_INVALID_PARAMETER', "1 is this peer's own id"],
    ['4 id 0', asMesh, () => nothing, 0, -1, 'ERR_INVALID_PARAMETER', 'A peer id here'],
    ['4 id -1', asMesh, () => nothing, -1, 1, 'ERR_INVALID_PARAMETER', 'A peer id here'],
    ['4 id too large', asMesh, () => nothing, 2_147_483_648, 1, 'ERR_INVALID_PARAMETER', 'A peer id here'],
    ['4 id not whole', asMesh, () => nothing, 2.5, 1, 'ERR_INVALID_PARAMETER', 'A peer id here'],
    ['own id (ours)', asMesh, fresh, 5, 1, 'ERR_INVALID_PARAMETER', "5 is this peer's own id"],
    ['5 lifetime -1', refusing, () => nothing, 2, -1, 'ERR_INVALID_PARAMETER', 'unreliableLifetime'],
    ['5 lifetime NaN', refusing, () => nothing, 2, Number.NaN, 'ERR_INVALID_PARAMETER', 'unreliableLifetime'],
    [
      '5 lifetime over 16 bits (ours)',
      refusing,
      () => nothing,
      2,
      65_536,
      'ERR_INVALID_PARAMETER',
      'unreliableLifetime',
    ],
    ['6 refusing', refusing, () => nothing, 2, 1, 'ERR_UNAUTHORIZED', 'refuseNewConnections'],
    ['7 no connection', asMesh, () => nothing, 2, 1, 'ERR_INVALID_PARAMETER', 'must be a WebRTCPeerConnection'],
    ['8 not NEW', asMesh, used, 2, 1, 'ERR_INVALID_PARAMETER', 'must be NEW'],
  ]

  test.each(rows)('%s', (_, make, connection, id, lifetime, code, words) => {
    const target = make()
    const adding = (): void => {
      target.addPeer(connection(), id, lifetime)
    }
    expect(adding).toThrow(refusal(code))
    expect(adding).toThrow(words)
    expect(target.getPeers().size).toBe(0)
  })

  test('9 a channel that cannot be created: FAILED, with its cause, and the peer is not added', () => {
    const target = asMesh()
    const connection = fresh()
    connection.createDataChannel('taken', { negotiated: true, id: 2 })
    let caught: unknown
    try {
      target.addPeer(connection, 2)
    } catch (error) {
      caught = error
    }
    expect(caught).toEqual(refusal('FAILED'))
    expect(caught).toMatchObject({ cause: { code: 'ERR_ALREADY_IN_USE' } })
    expect(target.hasPeer(2)).toBe(false)
  })

  test.each([0, 1, 65_535])('lifetime %i is allowed', (lifetime) => {
    const target = asMesh()
    target.addPeer(fresh(), 2, lifetime)
    expect(target.getPeer(2).channels.map((channel) => channel.maxPacketLifeTime)).toEqual([null, lifetime, lifetime])
  })

  test('an id that is taken, or a connection that is (ours; the engine replaces silently)', () => {
    const target = asMesh()
    const connection = fresh()
    target.addPeer(connection, 2)
    expect(
      codeOf(() => {
        target.addPeer(fresh(), 2)
      }),
    ).toBe('ERR_ALREADY_IN_USE')
    expect(
      codeOf(() => {
        target.addPeer(connection, 3)
      }),
    ).toBe('ERR_ALREADY_IN_USE')
    expect(target.getPeer(2).connection).toBe(connection)
  })

  test('the same id can be added again once it was removed', () => {
    const target = asMesh()
    target.addPeer(fresh(), 2)
    expect(target.removePeer(2)).toBe(true)
    expect(
      codeOf(() => {
        target.addPeer(fresh(), 2)
      }),
    ).toBe('OK')
  })

  test('the errors about what is refused or there already name the peer', () => {
    const target = mesh((m) => {
      m.createMesh(5)
    })
    const connection = fresh()
    target.addPeer(connection, 2)
    const adding =
      (id: number, added = fresh()) =>
      () => {
        target.addPeer(added, id)
      }
    const naming = (value: number): unknown => expect.objectContaining({ value })
    expect(adding(2)).toThrow(naming(2))
    expect(adding(3, connection)).toThrow(naming(3))
    target.refuseNewConnections = true
    expect(adding(4)).toThrow(naming(4))
  })

  test('while refusing, peers that are there stay', () => {
    const target = asMesh()
    target.addPeer(fresh(), 2)
    target.refuseNewConnections = true
    expect(target.hasPeer(2)).toBe(true)
  })
})

describe('starting', () => {
  const { CONNECTED, CONNECTING, DISCONNECTED } = ConnectionStatus
  test.each<[string, (m: WebRTCMultiplayerPeer) => void, ConnectionStatus, number, boolean, boolean]>([
    ['nothing', () => undefined, DISCONNECTED, 0, false, false],
    [
      'createMesh(5)',
      (m) => {
        m.createMesh(5)
      },
      CONNECTED,
      5,
      false,
      false,
    ],
    [
      'createMesh(1)',
      (m) => {
        m.createMesh(1)
      },
      CONNECTED,
      1,
      true,
      false,
    ],
    [
      'createMesh(2147483647)',
      (m) => {
        m.createMesh(2_147_483_647)
      },
      CONNECTED,
      2_147_483_647,
      false,
      false,
    ],
    [
      'createServer()',
      (m) => {
        m.createServer()
      },
      CONNECTED,
      1,
      true,
      true,
    ],
    [
      'createClient(5)',
      (m) => {
        m.createClient(5)
      },
      CONNECTING,
      5,
      false,
      true,
    ],
    [
      'initialize(5)',
      (m) => {
        m.initialize(5)
      },
      CONNECTED,
      5,
      false,
      false,
    ],
    [
      'initialize(5, true)',
      (m) => {
        m.initialize(5, true)
      },
      CONNECTING,
      5,
      false,
      false,
    ],
    [
      'initialize(1, true)',
      (m) => {
        m.initialize(1, true)
      },
      CONNECTED,
      1,
      true,
      false,
    ],
  ])('%s', (_, start, status, id, isServer, relay) => {
    const made = mesh(start)
    expect(made.connectionStatus).toBe(status)
    expect([made.uniqueId, made.isServer, made.isServerRelaySupported()]).toEqual([id, isServer, relay])
  })

  test.each<[string, (m: WebRTCMultiplayerPeer) => void]>([
    [
      'createMesh(0)',
      (m) => {
        m.createMesh(0)
      },
    ],
    [
      'createMesh(-1)',
      (m) => {
        m.createMesh(-1)
      },
    ],
    [
      'createMesh(2147483648)',
      (m) => {
        m.createMesh(2_147_483_648)
      },
    ],
    [
      'createMesh(1.5)',
      (m) => {
        m.createMesh(1.5)
      },
    ],
    [
      'createClient(1)',
      (m) => {
        m.createClient(1)
      },
    ],
    [
      'createClient(0)',
      (m) => {
        m.createClient(0)
      },
    ],
    [
      'initialize(0)',
      (m) => {
        m.initialize(0)
      },
    ],
    [
      'a channel mode 3',
      (m) => {
        m.createMesh(5, [TransferMode.RELIABLE, NO_MODE])
      },
    ],
    [
      'a channel mode that is no number',
      (m) => {
        m.createServer(['2'] as unknown as TransferMode[])
      },
    ],
    [
      'channels that are no array',
      (m) => {
        m.createClient(5, 7 as unknown as TransferMode[])
      },
    ],
  ])('%s is refused and changes nothing', (_, start) => {
    const made = mesh()
    expect(
      codeOf(() => {
        start(made)
      }),
    ).toBe('ERR_INVALID_PARAMETER')
    expect([made.connectionStatus, made.uniqueId]).toEqual([DISCONNECTED, 0])
    expect(
      codeOf(() => {
        made.addPeer(fresh(), 2)
      }),
    ).toBe('ERR_UNCONFIGURED')
  })

  test('starting anew replaces id and mode, but not while there are peers', () => {
    const made = mesh((m) => {
      m.createMesh(5)
    })
    made.createClient(6)
    expect([made.uniqueId, made.connectionStatus]).toEqual([6, CONNECTING])
    made.addPeer(fresh(), 1)
    expect(
      codeOf(() => {
        made.createServer()
      }),
    ).toBe('ERR_ALREADY_IN_USE')
    expect(made.uniqueId).toBe(6)
  })

  test('uniqueId stays what it was after close; isServer and relay do not', () => {
    const made = mesh((m) => {
      m.createServer()
    })
    void made.close()
    expect([made.uniqueId, made.isServer, made.isServerRelaySupported()]).toEqual([1, false, false])
    made.createMesh(9)
    expect(made.uniqueId).toBe(9)
  })

  test('generateUniqueId draws from 2 to 2147483647', () => {
    const ids = Array.from({ length: 2_000 }, () => WebRTCMultiplayerPeer.generateUniqueId())
    expect(ids.every((id) => Number.isInteger(id) && id >= 2 && id <= 2_147_483_647)).toBe(true)
    expect(new Set(ids).size).toBeGreaterThan(1_990)
    // Uniform over 31 bits: about half of them have the top bit.
    expect(ids.filter((id) => id >= 2 ** 30).length).toBeGreaterThan(800)
    expect(mesh().generateUniqueId()).toBeGreaterThan(1)
  })

  test.each([
    [[0, 7], 7],
    [[1, 7], 7],
    [[2], 2],
    [[0x80000000, 0x80000001, 0xffffffff], 0x7fffffff],
  ])('of the random words %j generateUniqueId takes %i', (words, id) => {
    const left = [...words]
    const draw = jest.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
      new Uint32Array((array as Uint32Array).buffer)[0] = left.shift() as number
      return array
    })
    expect(WebRTCMultiplayerPeer.generateUniqueId()).toBe(id)
    expect(left).toEqual([])
    draw.mockRestore()
  })

  test('asking for a peer that is not there', () => {
    const made = mesh((m) => {
      m.createMesh(5)
    })
    expect(made.hasPeer(2)).toBe(false)
    expect(codeOf(() => made.getPeer(2))).toBe('ERR_DOES_NOT_EXIST')
    expect(codeOf(() => made.peer(2))).toBe('ERR_DOES_NOT_EXIST')
    expect(made.removePeer(2)).toBe(false)
    expect(made.disconnectPeer(2)).toBe(false)
  })
})
