import { describe, expect, test } from '@jest/globals'
import { LobbyMessageType } from '../../../../src/protocol/lobby/message.ts'
import { joinLobby } from '../../../../src/services/lobby/client/join-lobby.ts'
import type { JoinedLobby } from '../../../../src/services/lobby/client/joined-lobby.ts'
import { withAttempt } from '../../../../src/services/lobby/client/signal-text.ts'
import { formatSdp, makeSession } from '../../../../src/transport/simulated/session-text.ts'
import { Random } from '../../../../src/transport/simulated/random.ts'
import { LobbyWorld, URL_OF_WORLD } from './support/lobby-world.ts'
import { ScriptedServer } from './support/scripted-server.ts'

const MESSAGES = 10_000
const IDS = [0, 1, 2, 3, 7, 8, 9, -1, 1.5, 2_147_483_647, 2_147_483_648, 4_294_967_297, 1e300]
/** What such a message says, if anything of it is taken seriously. */
const MEMBERSHIP_AND_SIGNALS = [LobbyMessageType.PEER_CONNECT, LobbyMessageType.OFFER, LobbyMessageType.ANSWER]
const TYPES = Object.values(LobbyMessageType).filter((type) => typeof type !== 'string')

/** What a hostile server might say: messages of every type with data of every kind, and things that are no messages. */
function hostileText(random: Random): string {
  const pick = <Item>(items: readonly Item[]): Item => items[random.below(items.length)] as Item
  const sdp = (): string => {
    const type = pick(['offer', 'answer'] as const)
    const text = formatSdp(type, makeSession(random, 262_144))
    return random.chance(0.7) ? withAttempt(text, random.below(1_000_000)) : text
  }
  const data = (): unknown =>
    pick<() => unknown>([
      () => '',
      sdp,
      sdp,
      () => mutated(sdp(), random),
      () =>
        `\n0\n0\ncandidate:1 1 UDP 2122317823 10.0.0.${random.below(9)} 4000 typ host ufrag ${random.text(4, 'ab')}`,
      () => `\n0\n0\n${random.text(40, 'candidate: 0 udp typ host\n')}`,
      () => '{"token":5}',
      () => '{"token":"t"}',
      () => '{"iceServers":[{"urls":5}],"expiresIn":-1}',
      () => '{"iceServers":[null],"expiresIn":1}',
      () => '{"code":"moved","message":"x"}',
      () => '{"code":"constructor","message":5,"closing":true}',
      () => '{"code":"lobby-full","message":{},"retryAfter":"x"}',
      () => '{"lobby":"x","mode":"mesh","sealed":false,"host":1,"metadata":"","members":[1,2,3,4,5,6,7,8,9]}',
      () => '{"members":[{}]}',
      () => String(random.below(1e9)),
      () => 'true',
      () => null,
      () => [[[]]],
      () => ({ toString: 5 }),
      () => random.text(random.below(2_000), 'ab\n\r\u0000\ud800"{}'),
    ])()
  const text = JSON.stringify(
    random.chance(0.3)
      ? { type: pick(MEMBERSHIP_AND_SIGNALS), id: pick([1, 8]), data: sdp() }
      : { type: pick([...TYPES, 99, -4, 2.5]), id: pick(IDS), data: data() },
  )
  return random.chance(0.1) ? mutated(text, random) : text
}

function mutated(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  const more = random.chance(0.5) ? random.text(random.below(8), '":,{}[]0a\n') : ''
  return text.slice(0, at) + more + text.slice(at + random.below(20))
}

describe('a hostile server', () => {
  test.each([1, 2, 241046776, Math.floor(Math.random() * 1e9)])(
    `${MESSAGES} messages of it neither crash the client nor leave anything behind (seed %i)`,
    async (seed) => {
      const world = await LobbyWorld.start({ seed })
      const random = new Random(seed)
      const server = new ScriptedServer(world.clock)
      server.admit(7, { members: [1, 8] })
      const errors: unknown[] = []
      const join = (): Promise<JoinedLobby> =>
        world.settle(
          joinLobby(URL_OF_WORLD, {
            ...world.options('client'),
            WebSocket: server.sockets.of('client'),
            logger: { warn: () => undefined, error: (message, details) => errors.push([message, details]) },
          }),
        )
      const counts = { malformedMessages: 0, unknownMembers: 0, staleDescriptions: 0, refusedDescriptions: 0 }
      const count = (left: JoinedLobby): void => {
        for (const name of Object.keys(counts) as (keyof typeof counts)[]) counts[name] += left.stats()[name]
      }
      let lobby = await join()
      for (let sent = 0; sent < MESSAGES; sent++) {
        // The server may say that the lobby is over, or sealed, after which it is not heard; then another one is its victim.
        if (lobby.state === 'detached' || lobby.state === 'sealed') {
          count(lobby)
          await world.settle(lobby.leave())
          lobby = await join()
        }
        // The last socket: those that it closed, or that the client gave up, are followed by others.
        if (server.sockets.open.size === 0) await world.run(100)
        server.last.socket.send(hostileText(random))
        if (random.chance(0.1)) await world.run(random.next() * 200)
      }
      await world.run(1_000)
      count(lobby)
      for (const counted of Object.values(counts)) expect(counted).toBeGreaterThan(0)
      expect(lobby.peer.getPeers().size).toBeLessThanOrEqual(lobby.members.length)
      expect(errors).toEqual([])
      await world.settle(lobby.leave())
      await world.end()
      expect(server.sockets.open.size).toBe(0)
      expect(world.clock.pending).toBe(0)
    },
  )
})
