import { describe, expect, jest, test } from '@jest/globals'
import { LobbyMessageType } from '../../../../src/protocol/lobby/message.ts'
import { joinLobby } from '../../../../src/services/lobby/client/join-lobby.ts'
import {
  hasStun,
  hasTurn,
  type IceServersOption,
  IceServerSource,
} from '../../../../src/services/lobby/client/ice-servers.ts'
import type { IceServer, PeerConnectionConfiguration } from '../../../../src/transport/peer-connection.ts'
import { VirtualClock } from '../../../../src/transport/simulated/virtual-clock.ts'
import { LobbyWorld, URL_OF_WORLD } from './support/lobby-world.ts'
import { ScriptedServer } from './support/scripted-server.ts'

const server = (name: string): IceServer => ({ urls: `turn:${name}`, username: name, credential: 'x' })

function source(own?: IceServersOption, isReached = () => true) {
  const clock = new VirtualClock()
  const warnings: string[] = []
  let asked = 0
  const ice = new IceServerSource({
    own,
    clock,
    epoch: () => clock.now(),
    random: () => 0.5,
    logger: { warn: (message) => warnings.push(message), error: () => undefined },
    askServer: () => {
      if (isReached()) asked++
      return isReached()
    },
  })
  return { clock, ice, warnings, asked: () => asked }
}

describe('IceServerSource', () => {
  test('a list stays as it is', async () => {
    const { ice, clock } = source([server('a')])
    await ice.start()
    expect(ice.fresh()).toEqual([server('a')])
    expect(clock.pending).toBe(0)
  })

  test.each([
    ['a list', () => [server('a')]],
    ['an object', () => ({ iceServers: [server('a')] })],
    ['a promise', () => Promise.resolve({ iceServers: [server('a')] })],
  ])('a function that gives %s without expiry is asked once', async (_, own) => {
    const { ice, clock } = source(own)
    await ice.start()
    await clock.run(10 * 24 * 3_600_000)
    expect(ice.fresh()).toEqual([server('a')])
    expect(clock.pending).toBe(0)
  })

  test('a function is asked again at 80 % of the life of what it gave', async () => {
    let count = 0
    const times: number[] = []
    const own: IceServersOption = () => {
      times.push(clock.now())
      return { iceServers: [server(`s${++count}`)], expiresAt: new Date(clock.now() + 10_000) }
    }
    const { clock, ice } = source(own)
    await ice.start()
    await clock.run(20_000)
    expect(times).toEqual([0, 8_000, 16_000])
    expect(ice.current).toEqual([server('s3')])
    ice.stop()
    await clock.run(20_000)
    expect(times).toHaveLength(3)
    expect(clock.pending).toBe(0)
  })

  test('one that fails is asked again, later each time; the last good ones are kept', async () => {
    const times: number[] = []
    const own: IceServersOption = () => {
      times.push(clock.now())
      if (times.length > 1 && times.length < 4) return Promise.reject(new Error('no'))
      return { iceServers: [server(`s${times.length}`)], expiresAt: clock.now() + 10_000 }
    }
    const { clock, ice, warnings } = source(own)
    await ice.start()
    await clock.run(9_900)
    expect(times).toEqual([0, 8_000, 9_000])
    expect(ice.current).toEqual([server('s1')])
    await clock.run(3_000)
    expect(times.slice(3)).toEqual([10_500])
    expect(ice.current).toEqual([server('s4')])
    expect(warnings).toHaveLength(2)
    ice.stop()
  })

  test('a dial that needs them when they have expired waits for fresh ones, at most five seconds', async () => {
    let answer: (servers: { iceServers: IceServer[] }) => void = () => undefined
    let calls = 0
    const own: IceServersOption = () =>
      ++calls === 1
        ? { iceServers: [server('old')], expiresAt: 1_000 }
        : new Promise((resolve) => {
            answer = resolve
          })
    const { clock, ice } = source(own)
    await ice.start()
    await clock.run(2_000)
    let got: readonly IceServer[] | null = null
    const wait = async (): Promise<void> => {
      got = await ice.fresh()
    }
    void wait()
    await clock.run(4_999)
    expect(got).toBeNull()
    await clock.run(1)
    expect(got).toEqual([server('old')])
    void wait()
    await clock.run(10)
    answer({ iceServers: [server('new')] })
    await clock.run(0)
    expect(got).toEqual([server('new')])
    expect(calls).toBe(2)
    ice.stop()
    expect(clock.pending).toBe(0)
  })

  test.each([
    ['nothing', undefined],
    ['text', 'turn:x'],
    ['a list of nothing', [null]],
    ['a bad date', { iceServers: [], expiresAt: 'soon' }],
  ])('a function that gives %s has failed', async (_, given) => {
    const { ice, warnings } = source(() => given as never)
    await ice.start()
    expect(warnings).toHaveLength(1)
    expect(ice.current).toEqual([])
    ice.stop()
  })

  test(`the lobby server's are used where there are no others, and asked for anew`, async () => {
    const { clock, ice, asked } = source()
    await ice.start()
    expect(ice.fresh()).toEqual([])
    ice.fromServer({ iceServers: [server('a')], expiresIn: 10_000 })
    await clock.run(7_999)
    expect(asked()).toBe(0)
    await clock.run(1)
    expect(asked()).toBe(1)
    ice.fromServer({ iceServers: [server('b')] })
    expect(ice.fresh()).toEqual([server('b')])
    ice.stop()
    const own = source([server('own')])
    own.ice.fromServer({ iceServers: [server('theirs')] })
    expect(own.ice.current).toEqual([server('own')])
  })

  test('a lobby server that never answers is asked once a minute; who waited for it is let go', async () => {
    const { clock, ice, asked } = source()
    ice.fromServer({ iceServers: [server('old')], expiresIn: 10_000 })
    await clock.run(8_000)
    expect(asked()).toBe(1)
    const add = jest.spyOn(Set.prototype, 'add')
    await clock.run(10 * 60_000)
    expect(asked()).toBe(11)
    let waited = 0
    for (let dial = 0; dial < 10; dial++) {
      void Promise.resolve(ice.fresh()).then((servers) => {
        expect(servers).toEqual([server('old')])
        waited++
      })
      await clock.run(5_000)
      expect(waited).toBe(dial + 1)
    }
    const sizes = add.mock.contexts.map((set) => (set as Set<unknown>).size)
    add.mockRestore()
    // The last question to the server waits for its answer, and nothing else.
    expect(sizes.length).toBeGreaterThanOrEqual(20)
    expect(Math.max(...sizes)).toBe(1)
    expect(asked()).toBe(11)
    ice.fromServer({ iceServers: [server('new')] })
    expect(ice.fresh()).toEqual([server('new')])
    expect(clock.pending).toBe(0)
  })

  test('without a server to ask, as in a sealed lobby, nothing waits and nothing is kept', async () => {
    let isReached = true
    const { clock, ice, asked } = source(undefined, () => isReached)
    ice.fromServer({ iceServers: [server('old')], expiresIn: 60_000 })
    await clock.run(48_000)
    expect(asked()).toBe(1)
    isReached = false
    // The question that nobody answered is over when it would be asked again.
    await clock.run(60_000)
    expect(clock.pending).toBe(0)
    expect(await ice.fresh()).toEqual([server('old')])
    await clock.run(24 * 3_600_000)
    expect(clock.pending).toBe(0)
    expect(asked()).toBe(1)
    isReached = true
    const waiting = ice.fresh()
    expect(asked()).toBe(2)
    ice.stop()
    await waiting
    expect(clock.pending).toBe(0)
  })

  test('a function that never answers has failed after thirty seconds, and is asked again', async () => {
    let calls = 0
    const { clock, ice, warnings } = source(() => {
      calls++
      return calls === 1 ? new Promise(() => undefined) : [server('a')]
    })
    const started = ice.start()
    await clock.run(5_000)
    await started
    await clock.run(25_000)
    expect(warnings).toHaveLength(1)
    await clock.run(1_000)
    expect(ice.current).toEqual([server('a')])
    expect(clock.pending).toBe(0)
  })

  test('a stop while somebody waits', async () => {
    const { clock, ice } = source(() => new Promise(() => undefined))
    const started = ice.start()
    ice.stop()
    await started
    expect(clock.pending).toBe(0)
  })

  test.each([
    [[], false, false],
    [[{ urls: 'stun:a' }], true, false],
    [[{ urls: ['stun:a', 'TURNS:b'] }], true, true],
    [[{ urls: 'turn:a' }], true, true],
  ])('STUN or TURN in %j: %s, TURN: %s', (servers, stun, turn) => {
    expect(hasStun(servers)).toBe(stun)
    expect(hasTurn(servers)).toBe(turn)
  })
})

describe('joinLobby and ICE servers', () => {
  test(`those that come just before the id are the first connection's, no matter how late the WELCOME`, async () => {
    const world = await LobbyWorld.start()
    const scripted = new ScriptedServer(world.clock)
    scripted.onMessage = (socket, { type }) => {
      if (type !== (LobbyMessageType.JOIN as number)) return
      socket.say(LobbyMessageType.ICE_SERVERS, 0, { iceServers: [server('first')], expiresIn: 10_000 })
      socket.say(LobbyMessageType.ID, 7, 'true')
      socket.say(LobbyMessageType.PEER_CONNECT, 1)
      socket.say(LobbyMessageType.JOIN, 0, 'lobby')
      socket.say(LobbyMessageType.WELCOME, 0, { version: 1, heartbeat: 10_000, maxMessageSize: 65_536 })
    }
    const used: unknown[] = []
    const { PeerConnection } = world.network.host('client')
    class Watched extends PeerConnection {
      constructor(configuration?: PeerConnectionConfiguration) {
        super(configuration)
        used.push(configuration?.iceServers)
      }
    }
    const lobby = await world.settle(
      joinLobby(URL_OF_WORLD, {
        ...world.options('client'),
        WebSocket: scripted.sockets.of('client'),
        PeerConnection: Watched,
      }),
    )
    expect(used).toEqual([[server('first')]])
    expect(lobby.stats().malformedMessages).toBe(0)
    await world.run(8_500)
    const asked = scripted.last.received.filter(({ type }) => type === (LobbyMessageType.ICE_SERVERS as number))
    expect(asked).toHaveLength(1)
    await world.settle(lobby.leave())
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test(`each connection is made with those that are good then: WELCOME's, then ICE_SERVERS'`, async () => {
    const world = await LobbyWorld.start()
    const scripted = new ScriptedServer(world.clock)
    scripted.admit(7, { welcome: { iceServers: [server('first')], expiresIn: 10_000 } })
    const { onMessage } = scripted
    scripted.onMessage = (socket, message) => {
      onMessage(socket, message)
      if (message.type !== (LobbyMessageType.ICE_SERVERS as number)) return
      socket.say(LobbyMessageType.ICE_SERVERS, 0, { iceServers: [server('second')], expiresIn: 10_000 })
    }
    const used: unknown[] = []
    const { PeerConnection } = world.network.host('client')
    class Watched extends PeerConnection {
      constructor(configuration?: PeerConnectionConfiguration) {
        super(configuration)
        used.push(configuration?.iceServers)
      }
    }
    const lobby = await world.settle(
      joinLobby(URL_OF_WORLD, {
        ...world.options('client'),
        WebSocket: scripted.sockets.of('client'),
        PeerConnection: Watched,
      }),
    )
    scripted.last.say(LobbyMessageType.PEER_CONNECT, 1)
    await world.run(9_000)
    scripted.last.say(LobbyMessageType.PEER_CONNECT, 2)
    await world.run(100)
    expect(used).toEqual([[server('first')], [server('second')]])
    await world.settle(lobby.leave())
    await world.end()
    expect(world.clock.pending).toBe(0)
  })
})
