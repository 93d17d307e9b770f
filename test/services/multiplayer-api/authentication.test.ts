import { afterEach, describe, expect, test } from '@jest/globals'
import type { AuthenticationChannel } from '../../../src/services/multiplayer-api/authentication-channel.ts'
import type { AuthenticationFailure } from '../../../src/services/multiplayer-api/authentications.ts'
import type { MultiplayerAPIOptions } from '../../../src/services/multiplayer-api/options.ts'
import { TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { toHex } from '../../protocol/variant/vectors.ts'
import { ApiWorld, bytes, codeOf } from './support/api-world.ts'

const SECRET = bytes(1, 2, 3)

let world = new ApiWorld()
afterEach(async () => {
  expect(await world.end()).toBe(0)
})

/** A server and a client, 2, with these options, that connect. */
function pair(server: MultiplayerAPIOptions, client: MultiplayerAPIOptions): ApiWorld {
  world = new ApiWorld()
  world.add(1, server)
  world.add(2, client)
  world.join(1, 2)
  return world
}

/** What a failure said, while it is under way. */
function failuresOf(id: number): AuthenticationFailure[] {
  const failures: AuthenticationFailure[] = []
  world.api(id).authenticationFailures$.subscribe((failure) => failures.push(failure))
  return failures
}

const asksForSecret = async (_: number, channel: AuthenticationChannel): Promise<boolean> => {
  const answer = await channel.receive()
  return toHex(answer) === toHex(SECRET)
}
const tells =
  (secret: Uint8Array) =>
  (_: number, channel: AuthenticationChannel): void => {
    channel.send(secret)
  }

describe('authenticate', () => {
  test('admits a peer that both sides accept, and nobody hears of it before', async () => {
    pair({ authenticate: asksForSecret }, { authenticate: tells(SECRET) })
    await world.run(1_000)
    expect(world.heard(1)).toEqual(['authenticating 2', 'connected 2'])
    expect(world.heard(2)).toEqual(['authenticating 1', 'connectedToServer', 'connected 1'])
    world.api(2).sendBytes(bytes(7), { to: 1 })
    await world.run()
    expect(world.heard(1)).toEqual(['packet 2 07'])
  })

  test('refuses by resolving with false', async () => {
    pair({ authenticate: asksForSecret }, { authenticate: tells(bytes(9)) })
    const failures = failuresOf(1)
    await world.run(1_000)
    expect(world.heard(1)).toEqual(['authenticating 2', 'failure 2 refused', 'authenticationFailed 2'])
    expect(world.heard(2)).toEqual([
      'authenticating 1',
      'failure 1 connection-lost',
      'authenticationFailed 1',
      'serverDisconnected',
    ])
    expect(failures[0]).toMatchObject({ heard: true, error: { code: 'ERR_CONNECTION_ERROR', value: 2 } })
    expect([world.api(1).getPeers(), world.api(1).getAuthenticatingPeers()]).toEqual([[], []])
    expect(world.member(1).mesh.hasPeer(2)).toBe(false)
  })

  const planted = new Error('planted')

  test.each<[string, MultiplayerAPIOptions['authenticate']]>([
    ['rejecting', () => Promise.reject(planted)],
    [
      'throwing at once',
      () => {
        throw planted
      },
    ],
  ])('refuses by %s, and tells what was thrown', async (...[, authenticate]) => {
    pair({ ...(authenticate && { authenticate }) }, { authenticate: () => undefined })
    const failures = failuresOf(1)
    await world.run(1_000)
    expect(failures).toMatchObject([{ peer: 2, reason: 'refused' }])
    expect(failures[0]?.error.cause).toBe(planted)
    expect(world.api(2).getPeers()).toEqual([])
  })

  test('exchanges messages in both directions, in order, until the other side is done', async () => {
    const heard: string[] = []
    pair(
      {
        authenticate: async (peer, channel) => {
          expect([peer, channel.peer, channel.signal.aborted]).toEqual([2, 2, false])
          for (let i = 0; i < 3; i++) channel.send(bytes(i))
          for await (const message of channel.messages) heard.push(toHex(message))
        },
      },
      {
        authenticate: async (_, channel) => {
          for (let i = 0; i < 3; i++) channel.send(bytes(10 + ((await channel.receive())[0] ?? NaN)))
        },
      },
    )
    await world.run(1_000)
    expect(heard).toEqual(['0a', '0b', '0c'])
    expect(world.api(1).getPeers()).toEqual([2])
  })

  test('receive() says that the other side has accepted and sends nothing more', async () => {
    pair({ authenticate: asksForSecret }, { authenticate: () => undefined })
    const failures = failuresOf(1)
    await world.run(1_000)
    expect(failures).toMatchObject([{ reason: 'refused', error: { cause: { code: 'ERR_UNAVAILABLE' } } }])
  })

  test.each([
    ['its timeout', 'timeout', 'ERR_TIMEOUT', () => undefined],
    ['a lost connection', 'connection-lost', 'ERR_CONNECTION_ERROR', () => world.member(2).mesh.removePeer(1)],
  ])('ends with %s what waits, and aborts its signal', async (_, reason, code, happens) => {
    const seen: unknown[] = []
    pair(
      {
        authTimeout: 1_000,
        authenticate: async (_, channel) => {
          channel.signal.addEventListener('abort', () => seen.push('aborted'))
          await channel.receive().catch((error: unknown) => {
            seen.push(error)
            throw error
          })
        },
      },
      { authenticate: () => new Promise(() => undefined), authTimeout: 0 },
    )
    await world.run(500)
    happens()
    await world.run(1_000)
    expect(seen).toContainEqual(expect.objectContaining({ code }))
    expect(seen).toContain('aborted')
    expect(world.heard(1)).toEqual(['authenticating 2', `failure 2 ${reason}`, 'authenticationFailed 2'])
  })

  test('that settles when the peer has left, or never, does nothing more', async () => {
    const settle: (() => void)[] = []
    const unhandled: unknown[] = []
    const note = (error: unknown): void => void unhandled.push(error)
    process.on('unhandledRejection', note)
    const ends: ((resolve: (value: unknown) => void, reject: (error: Error) => void) => void)[] = [
      (resolve) => settle.push(() => resolve(undefined)),
      (resolve) => settle.push(() => resolve(false)),
      (_, reject) => settle.push(() => reject(planted)),
      () => undefined,
    ]
    pair({ authenticate: () => new Promise(ends.shift() ?? (() => undefined)), authTimeout: 0 }, { authTimeout: 0 })
    for (let attempt = 0; attempt < 4; attempt++) {
      await world.run(500)
      world.member(2).mesh.removePeer(1)
      await world.run(500)
      world.join(1, 2)
    }
    await world.run(500)
    expect(world.heard(1).filter((line) => line.startsWith('failure'))).toHaveLength(4)
    // The fifth attempt is under way while those before end.
    for (const end of settle) end()
    await world.run(500)
    process.off('unhandledRejection', note)
    expect([world.heard(1), world.api(1).getAuthenticatingPeers(), unhandled]).toEqual([[], [2], []])
  })

  test('on both sides at the same moment admits both', async () => {
    world = new ApiWorld()
    const { clock } = world.network
    // 500 ms after the begin of all time, whenever they were connected.
    const authenticate = () => new Promise<void>((resolve) => clock.setTimeout(resolve, 500 - clock.now()))
    for (const id of [1, 2]) world.add(id, { authenticate })
    world.join(1, 2)
    await world.run(499)
    expect([world.heard(1), world.heard(2)]).toEqual([['authenticating 2'], ['authenticating 1']])
    await world.run(100)
    expect([world.heard(1), world.heard(2)]).toEqual([['connected 2'], ['connectedToServer', 'connected 1']])
  })

  test('the same peer may try again', async () => {
    let attempt = 0
    pair({ authenticate: asksForSecret }, { authenticate: (_, channel) => channel.send(attempt++ ? SECRET : bytes(9)) })
    await world.run(1_000)
    expect(world.heard(1)).toContain('failure 2 refused')
    world.join(1, 2)
    await world.run(1_000)
    expect(world.heard(1)).toEqual(['authenticating 2', 'connected 2'])
  })

  test('relayed peers are admitted without, and are told of only when they are admitted themselves', async () => {
    world = new ApiWorld({ authenticate: () => undefined })
    world.add(1)
    world.add(2)
    let accept: () => void = () => undefined
    world.add(3, { authenticate: () => new Promise<void>((resolve) => (accept = resolve)) })
    world.join(1, 2)
    world.join(1, 3)
    await world.run(1_000)
    expect(world.heard(2)).toEqual(['authenticating 1', 'connectedToServer', 'connected 1'])
    expect(world.api(1).getAuthenticatingPeers()).toEqual([3])
    world.api(2).sendBytes(bytes(7))
    await world.run(100)
    expect(world.heard(3)).toEqual(['authenticating 1'])
    accept()
    await world.run(1_000)
    expect(world.heard(2)).toEqual(['connected 3'])
    expect(world.heard(3)).toEqual(['connectedToServer', 'connected 1', 'connected 2'])
  })
})

describe('authCallback, sendAuth and completeAuth', () => {
  test('as in Godot: data, then both complete', async () => {
    const heard: string[] = []
    pair(
      {
        authCallback: (peer, data) => {
          heard.push(`1 hears ${peer}: ${toHex(data)}`)
          world.api(1).completeAuth(peer)
        },
      },
      { authCallback: (peer, data) => heard.push(`2 hears ${peer}: ${toHex(data)}`) },
    )
    world.api(2).peerAuthenticating$.subscribe((peer) => {
      world.api(2).sendAuth(peer, SECRET)
    })
    await world.run(500)
    expect(heard).toEqual(['1 hears 2: 010203'])
    expect(world.heard(1)).toEqual(['authenticating 2'])
    expect(codeOf(() => world.api(2).sendAuth(1, SECRET))).toBe('ERR_FILE_CANT_WRITE')
    expect(codeOf(() => world.api(1).sendAuth(2, SECRET))).toBe('ERR_FILE_CANT_WRITE')
    expect(codeOf(() => world.api(1).completeAuth(2))).toBe('ERR_FILE_CANT_WRITE')
    world.api(2).completeAuth(1)
    expect(world.heard(2)).toEqual(['authenticating 1', 'connectedToServer', 'connected 1'])
    await world.run(500)
    expect(world.heard(1)).toEqual(['connected 2'])
  })

  test('goes together with authenticate on the other side', async () => {
    pair({ authenticate: asksForSecret }, { authCallback: () => undefined })
    world.api(2).peerAuthenticating$.subscribe((peer) => {
      world.api(2).sendAuth(peer, SECRET)
      world.api(2).completeAuth(peer)
    })
    await world.run(1_000)
    expect([world.api(1).getPeers(), world.api(2).getPeers()]).toEqual([[2], [1]])
  })

  test('can be set later, for peers that connect from then on', async () => {
    pair({}, { authCallback: () => undefined })
    world.api(1).authCallback = () => undefined
    world.api(1).authTimeout = 500
    await world.run(100)
    expect(world.api(1).getAuthenticatingPeers()).toEqual([2])
    await world.run(500)
    expect(world.heard(1)).toEqual(['authenticating 2', 'failure 2 timeout', 'authenticationFailed 2'])
    expect(codeOf(() => (world.api(1).authTimeout = -1))).toBe('ERR_INVALID_PARAMETER')
  })

  test('what a callback throws ends nothing', async () => {
    pair(
      {
        authCallback: () => {
          throw new Error('planted')
        },
      },
      { authCallback: () => undefined },
    )
    world.api(2).peerAuthenticating$.subscribe((peer) => {
      world.api(2).sendAuth(peer, SECRET)
    })
    await world.run(100)
    expect(world.api(1).getAuthenticatingPeers()).toEqual([2])
  })

  test.each([
    ['a peer that is not there', 99, SECRET],
    ['nothing', 2, bytes()],
    ['what is no bytes', 2, 'secret' as unknown as Uint8Array],
  ])('sendAuth of %s: ERR_INVALID_PARAMETER', async (_, peer, data) => {
    pair({ authCallback: () => undefined }, { authCallback: () => undefined })
    await world.run(100)
    expect(codeOf(() => world.api(1).sendAuth(peer, data))).toBe('ERR_INVALID_PARAMETER')
  })
})

describe('an authentication on one side alone ends in a clear failure', () => {
  const auth: MultiplayerAPIOptions = { authenticate: asksForSecret }

  test.each([
    ['the server', auth, {}],
    ['the client', {}, auth],
  ])('on %s', async (_, server, client) => {
    pair(server, client)
    const id = server === auth ? 1 : 2
    const other = 3 - id
    const failures = failuresOf(id)
    // The side without an authentication believes to be connected.
    await world.run(500)
    expect(world.api(other).getPeers()).toEqual([id])
    world.api(other).sendBytes(bytes(7))
    await world.run(3_000)
    expect(failures).toMatchObject([{ peer: other, reason: 'timeout', heard: false, error: { code: 'ERR_TIMEOUT' } }])
    expect(world.heard(id)).not.toContain(`packet ${other} 07`)
    expect(world.heard(other)).toContain(`disconnected ${id}`)
    expect(world.api(id).stats().violations).toEqual({ unauthenticated: 1 })
  })

  test('and the other side counts what it is sent', async () => {
    pair({}, { authenticate: tells(SECRET) })
    await world.run(500)
    const { violations, unansweredAuth } = world.api(1).stats()
    expect({ violations, unansweredAuth }).toEqual({ violations: { 'unexpected-auth': 1 }, unansweredAuth: 1 })
  })

  test('the default time is 3 s, as in Godot', async () => {
    pair({ authCallback: () => undefined }, { authCallback: () => undefined })
    await world.run(2_900)
    expect(world.heard(1)).toEqual(['authenticating 2'])
    await world.run(300)
    expect(world.heard(1)).toEqual(['failure 2 timeout', 'authenticationFailed 2'])
  })
})

describe('on a network that loses packets', () => {
  test('what is sent at once on another reliable channel is not lost to the order of the channels', async () => {
    world = new ApiWorld({}, [TransferMode.RELIABLE])
    const { clock } = world.network
    const authenticate = () => new Promise<void>((resolve) => clock.setTimeout(resolve, 1_000 - clock.now()))
    const options = { serverRelay: false, authTimeout: 0, authenticate }
    const clients = Array.from({ length: 40 }, (_, i) => i + 2)
    const { api } = world.add(1, options)
    api.peerConnected$.subscribe((peer) => api.sendBytes(bytes(peer), { to: peer, channel: 1 }))
    for (const id of clients) {
      world.add(id, options)
      world.join(1, id)
    }
    await world.run(500)
    world.network.setConditions({ loss: 0.3 })
    await world.run(30_000)
    expect(clients.map((id) => world.heard(id))).toEqual(
      clients.map((id) => ['authenticating 1', 'connectedToServer', 'connected 1', `packet 1 ${toHex(bytes(id))}`]),
    )
  })
})

describe('while a peer authenticates', () => {
  test('it is not among the peers, gets no packets, and cannot be sent to', async () => {
    pair({ authCallback: () => undefined }, { authCallback: () => undefined })
    await world.run(100)
    expect(world.api(1).getPeers()).toEqual([])
    expect(world.api(1).sendBytes(bytes(7))).toEqual({ sent: 0, dropped: 0, skipped: 0 })
    expect(codeOf(() => world.api(1).sendBytes(bytes(7), { to: 2 }))).toBe('ERR_BUG')
    expect(codeOf(() => world.api(2).sendBytes(bytes(7), { to: 1 }))).toBe('ERR_UNCONFIGURED')
    expect(world.api(1).stats().peers).toEqual([{ peer: 2, state: 'authenticating', violations: {} }])
  })

  test('disconnectPeer ends it without a signal here', async () => {
    pair({ authCallback: () => undefined }, { authCallback: () => undefined })
    await world.run(100)
    expect(world.api(1).disconnectPeer(2)).toBe(true)
    await world.run(100)
    expect(world.heard(1)).toEqual(['authenticating 2'])
    expect(world.heard(2)).toEqual([
      'authenticating 1',
      'failure 1 connection-lost',
      'authenticationFailed 1',
      'serverDisconnected',
    ])
  })

  test('closing the API ends what waits', async () => {
    const seen: unknown[] = []
    pair({ authenticate: (_, channel) => channel.receive().catch((error: unknown) => seen.push(error)) }, {})
    await world.run(100)
    world.api(1)[Symbol.dispose]()
    await world.run(0)
    expect(seen).toMatchObject([{ code: 'ERR_CONNECTION_ERROR' }])
    expect(world.heard(1)).toEqual(['authenticating 2', 'serverDisconnected'])
  })
})

describe('what others send is bounded', () => {
  test('messages that wait for receive()', async () => {
    pair(
      { authenticate: () => new Promise(() => undefined), limits: { authenticationBytes: 10_000 } },
      {
        authenticate: (_, channel) => {
          for (let i = 0; i < 20; i++) channel.send(new Uint8Array(1_000))
          return new Promise(() => undefined)
        },
      },
    )
    await world.run(500)
    expect(world.heard(1)).toEqual(['authenticating 2', 'failure 2 overflow', 'authenticationFailed 2'])
  })

  test('but not their sum, if they are received', async () => {
    let received = 0
    pair(
      {
        authenticate: async (_, channel) => {
          for await (const message of channel.messages) {
            received += message.byteLength
            await new Promise<void>((resolve) => world.network.clock.setTimeout(resolve, 1))
          }
        },
        limits: { authenticationBytes: 3_000 },
      },
      {
        authenticate: async (_, channel) => {
          for (let i = 0; i < 20; i++) {
            channel.send(new Uint8Array(500))
            channel.send(new Uint8Array(500))
            await new Promise<void>((resolve) => world.network.clock.setTimeout(resolve, 5))
          }
        },
      },
    )
    await world.run(1_000)
    expect(received).toBe(20_000)
    expect(world.heard(1)).toEqual(['authenticating 2', 'connected 2'])
  })

  test('peers that authenticate at the same time', async () => {
    world = new ApiWorld({ authCallback: () => undefined })
    world.add(1, { limits: { authenticating: 2 } })
    for (const id of [2, 3, 4]) {
      world.add(id)
      world.join(1, id)
    }
    await world.run(500)
    expect(world.api(1).getAuthenticatingPeers()).toEqual([2, 3])
    expect(world.heard(1)).toEqual([
      'authenticating 2',
      'authenticating 3',
      'failure 4 too-many',
      'authenticationFailed 4',
    ])
    expect(world.member(1).mesh.hasPeer(4)).toBe(false)
  })
})

test.each([
  ['both ways', { authenticate: () => undefined, authCallback: () => undefined }],
  ['an authentication with Godot 3', { version: '3', authenticate: () => undefined }],
  ['a negative time', { authTimeout: -1 }],
  ['an endless time', { authTimeout: Infinity }],
  ['a limit that is none', { limits: { authenticating: -1 } }],
] as [string, MultiplayerAPIOptions][])('%s: ERR_INVALID_PARAMETER', (_, options) => {
  expect(codeOf(() => new ApiWorld().add(1, options))).toBe('ERR_INVALID_PARAMETER')
})
