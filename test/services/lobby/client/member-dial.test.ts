import { describe, expect, test } from '@jest/globals'
import { LobbyMessageType } from '../../../../src/protocol/lobby/message.ts'
import { joinLobby } from '../../../../src/services/lobby/client/join-lobby.ts'
import { attemptOf, ufragOf, withAttempt } from '../../../../src/services/lobby/client/signal-text.ts'
import { connectedTo, LobbyWorld, URL_OF_WORLD } from './support/lobby-world.ts'
import { ScriptedMember } from './support/scripted-member.ts'
import { ScriptedServer, type ScriptedSocket } from './support/scripted-server.ts'

/** A client with id 7: it answers member 9, and offers to member 3. */
async function dial(id: number) {
  const world = await LobbyWorld.start()
  const server = new ScriptedServer(world.clock)
  server.admit(7)
  const options = { ...world.options('client'), WebSocket: server.sockets.of('client') }
  const lobby = await world.settle(joinLobby(URL_OF_WORLD, options))
  server.last.say(LobbyMessageType.PEER_CONNECT, id)
  await world.run(100)
  const members: ScriptedMember[] = []
  /** One more connection of the other member. */
  const member = async (offers: boolean): Promise<ScriptedMember> => {
    const made = new ScriptedMember(world, server, id)
    members.push(made)
    if (offers) made.connection.createOffer()
    await world.run(100)
    return made
  }
  return {
    world,
    server,
    lobby,
    member,
    isConnected: () => connectedTo(lobby).includes(id),
    end: async () => {
      for (const { connection } of members) connection.close()
      await world.settle(lobby.leave())
      await world.end()
      expect(world.clock.pending).toBe(0)
    },
  }
}

describe('a dial that answers', () => {
  test.each([true, false])('candidates that come before the offer are kept (with a name: %s)', async (named) => {
    const { world, member, isConnected, end } = await dial(9)
    const remote = await member(true)
    // An offering side gives its candidates once it has the answer; these come earlier.
    remote.candidates.push({ media: '0', index: 0, name: addressOf(remote) })
    remote.sayCandidates(named)
    await world.run(50)
    remote.offer(1)
    await world.run(50)
    remote.take('answer')
    await world.run(500)
    expect(isConnected()).toBe(true)
    await end()
  })

  test('the answer repeats the number of the offer, and the candidates name it', async () => {
    const { world, member, server, lobby, end } = await dial(9)
    const remote = await member(true)
    remote.offer(1_234)
    await world.run(50)
    const answer = remote.heard(LobbyMessageType.ANSWER) ?? ''
    expect(attemptOf(answer)).toBe(1_234)
    const candidates = server.last.received.filter(({ type }) => type === (LobbyMessageType.CANDIDATE as number))
    expect(candidates.length).toBeGreaterThan(0)
    for (const { data } of candidates) expect(data).toMatch(new RegExp(` ufrag ${escaped(ufragOf(answer))}$`))
    expect(lobby.stats().staleDescriptions).toBe(0)
    await end()
  })

  test('an offer without a number is answered without one', async () => {
    const { world, member, end } = await dial(9)
    const remote = await member(true)
    remote.offer(null)
    await world.run(50)
    expect(attemptOf(remote.heard(LobbyMessageType.ANSWER) ?? '')).toBeNull()
    await end()
  })

  test.each([
    ['older', 99, false],
    ['the same', 100, false],
    ['newer', 101, true],
    ['without a number', null, false],
  ])('once connected, an offer that is %s', async (_, number, replaces) => {
    const { world, member, lobby, isConnected, end } = await dial(9)
    const remote = await member(true)
    remote.offer(100)
    await world.run(50)
    remote.take('answer')
    await world.run(50)
    remote.sayCandidates()
    await world.run(500)
    expect(isConnected()).toBe(true)
    const { connection } = lobby.peer.getPeer(9)
    const next = await member(true)
    next.offer(number)
    await world.run(50)
    expect(lobby.peer.getPeer(9).connection === connection).toBe(!replaces)
    expect(isConnected()).toBe(!replaces)
    await end()
  })

  test('candidates of a connection that was replaced are stale; those of the next wait for it', async () => {
    const { world, member, lobby, isConnected, end } = await dial(9)
    const first = await member(true)
    first.offer(1)
    await world.run(50)
    first.take('answer')
    const second = await member(true)
    second.candidates.push({ media: '0', index: 0, name: addressOf(second) })
    second.sayCandidates()
    await world.run(50)
    expect(lobby.stats().staleCandidates).toBe(0)
    second.offer(2)
    await world.run(50)
    first.sayCandidates()
    await world.run(50)
    expect(first.candidates.length).toBeGreaterThan(0)
    expect(lobby.stats().staleCandidates).toBe(first.candidates.length)
    second.take('answer')
    await world.run(500)
    expect(isConnected()).toBe(true)
    expect(lobby.peer.getPeer(9).connected).toBe(true)
    await end()
  })

  test('asks for a fresh offer once its connection is lost, naming the last one', async () => {
    const { world, member, end } = await dial(9)
    const remote = await member(true)
    remote.offer(55)
    await world.run(50)
    remote.take('answer')
    await world.run(50)
    remote.sayCandidates()
    await world.run(500)
    expect(remote.heard(LobbyMessageType.RETRY)).toBeUndefined()
    remote.connection.close()
    await world.run(1_000)
    expect(remote.heard(LobbyMessageType.RETRY)).toBe('55')
    await end()
  })

  test('an offer of whoever is to answer is refused', async () => {
    const { world, member, lobby, end } = await dial(3)
    const remote = await member(true)
    const before = lobby.peer.getPeer(3).connection
    remote.offer(1)
    await world.run(50)
    expect(lobby.stats().refusedDescriptions).toBe(1)
    expect(lobby.peer.getPeer(3).connection).toBe(before)
    await end()
  })
})

describe('a dial that offers', () => {
  test('numbers its attempts by the time, rising', async () => {
    const { world, member, end } = await dial(3)
    const remote = await member(false)
    const first = attemptOf(remote.heard(LobbyMessageType.OFFER) ?? '') ?? 0
    expect(Math.abs(first - Date.now())).toBeLessThan(60_000)
    await world.run(15_000)
    expect(attemptOf(remote.heard(LobbyMessageType.OFFER) ?? '')).toBeGreaterThan(first)
    await end()
  })

  test.each([
    ['the number of the offer', 0, true],
    ['another number', 1, false],
    ['an older number', -1, false],
    ['no number', null, true],
  ])('an answer with %s', async (_, difference, isTaken) => {
    const { world, member, lobby, isConnected, end } = await dial(3)
    const remote = await member(false)
    const number = attemptOf(remote.heard(LobbyMessageType.OFFER) ?? '') ?? 0
    remote.take('offer')
    await world.run(50)
    remote.answer(difference === null ? null : number + difference)
    remote.sayCandidates()
    await world.run(500)
    expect(isConnected()).toBe(isTaken)
    expect(lobby.stats().staleDescriptions).toBe(isTaken ? 0 : 1)
    await end()
  })

  test('a second answer is stale', async () => {
    const { world, member, lobby, end } = await dial(3)
    const remote = await member(false)
    const number = attemptOf(remote.heard(LobbyMessageType.OFFER) ?? '') ?? 0
    remote.take('offer')
    await world.run(50)
    remote.answer(number)
    remote.say(LobbyMessageType.ANSWER, withAttempt(remote.sdp.replace('s=-', 's=other'), number))
    await world.run(50)
    expect(lobby.stats().staleDescriptions).toBe(1)
    await end()
  })

  test('asked for a fresh offer it makes one, if it is the present one that is meant', async () => {
    const { world, member, isConnected, end } = await dial(3)
    const remote = await member(false)
    const number = attemptOf(remote.heard(LobbyMessageType.OFFER) ?? '') ?? 0
    remote.take('offer')
    await world.run(50)
    remote.answer(number)
    remote.sayCandidates()
    await world.run(500)
    remote.say(LobbyMessageType.RETRY, String(number - 1))
    await world.run(2_000)
    expect(isConnected()).toBe(true)
    remote.say(LobbyMessageType.RETRY, String(number))
    await world.run(2_000)
    expect(isConnected()).toBe(false)
    expect(attemptOf(remote.heard(LobbyMessageType.OFFER) ?? '')).toBeGreaterThan(number)
    await end()
  })
})

describe('a member that asks for fresh offers as fast as it can', () => {
  /** Answers every offer with nonsense, and asks for others right after. */
  async function hostile(requests: number) {
    const dialled = await dial(3)
    const { server } = dialled
    const counted = { offers: 0 }
    const annoy = (socket: ScriptedSocket): void => {
      counted.offers++
      socket.say(LobbyMessageType.ANSWER, 3, 'v=0 no description')
      for (let count = 0; count < requests; count++) socket.say(LobbyMessageType.RETRY, 3, '0')
    }
    server.onMessage = (socket, { type }) => {
      if (type === (LobbyMessageType.OFFER as number)) annoy(socket)
    }
    annoy(server.last)
    return { ...dialled, counted }
  }

  test('gets a few of them', async () => {
    const { world, lobby, counted, end } = await hostile(100)
    let verdicts = 0
    lobby.verdicts$.subscribe(() => verdicts++)
    await world.run(9_000)
    // Sixteen requests are heard in any ten seconds, and this side makes five attempts by itself.
    expect(counted.offers).toBeGreaterThan(2)
    expect(counted.offers).toBeLessThanOrEqual(21)
    expect(verdicts).toBeLessThanOrEqual(16)
    expect(lobby.stats().refusedDescriptions).toBeGreaterThan(100)
    await end()
  })

  test('cannot cut every wait short', async () => {
    const { world, lobby, counted, end } = await hostile(1)
    // The first wait was cut short; the second one takes 500 to 1000 ms.
    await world.run(400)
    expect(counted.offers).toBe(2)
    const states: string[] = []
    lobby.dials$.subscribe(({ state }) => states.push(state))
    expect(states).toEqual(['backingOff'])
    await world.run(700)
    expect(counted.offers).toBe(3)
    await end()
  })
})

function addressOf({ connection }: ScriptedMember): string {
  const { addresses } = connection as unknown as { addresses: readonly string[] }
  const [address = '', port = ''] = (addresses[0] ?? '').split(' ')
  return `candidate:1 1 UDP 2122317823 ${address} ${port} typ host`
}

const escaped = (text: string | null): string => (text ?? '').replace(/[+/]/g, '\\$&')
