import { describe, expect, test } from '@jest/globals'
import type { DialProgress } from '../../../../src/services/lobby/client/dial-progress.ts'
import { connectedTo, LobbyWorld, verdictsOf } from './support/lobby-world.ts'

/** Milliseconds in which five attempts of fifteen seconds and the waits between them are over. */
const ALL_ATTEMPTS = 120_000

async function pair(options: Parameters<typeof LobbyWorld.start>[0] = {}) {
  const world = await LobbyWorld.start(options)
  const host = await world.join('host-1')
  const guest = await world.join('host-2', { lobby: host.lobby })
  return { world, host, guest }
}

describe('dials that fail', () => {
  test.each([true, false])(
    'no path: five attempts, then the verdict, on both sides (extended: %s)',
    async (isExtended) => {
      const world = await LobbyWorld.start({ isExtended })
      world.network.partition(['host-1'], ['host-2'])
      const host = await world.join('host-1')
      const guest = await world.join('host-2', { lobby: host.lobby })
      const verdicts = [host, guest].map(verdictsOf)
      await world.run(ALL_ATTEMPTS)
      expect(connectedTo(host)).toEqual([])
      const expected = {
        reason: 'relay-needed',
        step: 'ice',
        attempts: 5,
        localCandidates: expect.arrayContaining([expect.objectContaining({ type: 'host', protocol: 'udp' })]),
        remoteCandidates: expect.arrayContaining([expect.objectContaining({ type: 'host', protocol: 'udp' })]),
        message: expect.stringContaining('TURN server'),
      }
      expect(verdicts[1]).toEqual([expect.objectContaining({ ...expected, peer: 1 })])
      expect(verdicts[0]?.length).toBeGreaterThanOrEqual(1)
      if (isExtended)
        expect(verdicts[0]?.[0]).toMatchObject({ peer: guest.id, localCandidates: expected.localCandidates })

      // Whoever mends the network dials again.
      world.network.heal()
      guest.dial(1)
      await world.untilConnected([host, guest])
      await world.settle(Promise.all([host.leave(), guest.leave()]))
      await world.end()
      expect(world.clock.pending).toBe(0)
    },
  )

  test('a path that is there again within the attempts is found', async () => {
    const world = await LobbyWorld.start()
    world.network.partition(['host-1'], ['host-2'])
    const host = await world.join('host-1')
    const guest = await world.join('host-2', { lobby: host.lobby })
    await world.run(20_000)
    expect(connectedTo(guest)).toEqual([])
    world.network.heal()
    await world.untilConnected([host, guest], 20_000)
    await world.settle(Promise.all([host.leave(), guest.leave()]))
    await world.end()
  })

  test('a connection that is lost later is made anew', async () => {
    const { world, host, guest } = await pair()
    await world.untilConnected([host, guest])
    const heard: string[] = []
    guest.peer.peerConnected$.subscribe((id) => heard.push(`connected ${id}`))
    guest.peer.peerDisconnected$.subscribe((id) => heard.push(`disconnected ${id}`))
    const before = guest.peer.getPeer(1).connection
    world.network.partition(['host-1'], ['host-2'])
    host.peer.send(Uint8Array.of(1))
    await world.run(45_000)
    expect(connectedTo(guest)).toEqual([])
    world.network.heal()
    await world.untilConnected([host, guest], 40_000)
    expect(heard).toEqual(['disconnected 1', 'connected 1'])
    expect(guest.peer.getPeer(1).connection).not.toBe(before)
    await world.settle(Promise.all([host.leave(), guest.leave()]))
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('a connection that is lost soon, time and again, though the lobby is fine: connection-lost', async () => {
    const { world, host, guest } = await pair()
    const verdicts = [host, guest].map(verdictsOf)
    host.peer.peerConnected$.subscribe((id) => {
      const { connection } = host.peer.getPeer(id)
      world.clock.setTimeout(() => {
        connection.close()
      }, 1_000)
    })
    await world.run(ALL_ATTEMPTS)
    for (const told of verdicts) {
      expect(told[0]).toMatchObject({ reason: 'connection-lost', step: 'connected', attempts: 5 })
    }
    expect([host, guest].map(({ state }) => state)).toEqual(['joined', 'joined'])
    await world.settle(Promise.all([host.leave(), guest.leave()]))
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('a peer that the application removed is not dialled, until it says so', async () => {
    const { world, host, guest } = await pair()
    await world.untilConnected([host, guest])
    guest.peer.removePeer(1)
    const states: string[] = []
    guest.dials$.subscribe(({ state }) => states.push(state))
    await world.run(5_000)
    expect(states).toEqual(['dismissed'])
    guest.dial(1)
    await world.untilConnected([host, guest])
    await world.settle(Promise.all([host.leave(), guest.leave()]))
    await world.end()
  })

  test('a member that never answers: no-answer; one that never offers: no-offer', async () => {
    const world = await LobbyWorld.start({ isExtended: false })
    const host = await world.join('host-1')
    // Nothing of what the guest says to others arrives, so each side waits for the other.
    world.sockets.disturb = (text) => (/"type":[4-6]/.test(text) ? [] : [5])
    const guest = await world.join('host-2', { lobby: host.lobby, attempts: 2 })
    const verdicts = [host, guest].map(verdictsOf)
    await world.run(ALL_ATTEMPTS)
    expect(verdicts[1]).toEqual([
      expect.objectContaining({ peer: 1, reason: 'no-answer', step: 'answer', attempts: 2 }),
    ])
    expect(verdicts[0]).toEqual([
      expect.objectContaining({ peer: guest.id, reason: 'no-offer', step: 'offer', attempts: 5 }),
    ])
    await world.settle(Promise.all([host.leave(), guest.leave()]))
    await world.end()
  })

  test('a member that leaves before it was connected: peer-left', async () => {
    const world = await LobbyWorld.start()
    world.network.partition(['host-1'], ['host-2'])
    const host = await world.join('host-1')
    const verdicts = verdictsOf(host)
    const guest = await world.join('host-2', { lobby: host.lobby })
    await world.run(1_000)
    await world.settle(guest.leave())
    await world.run(100)
    expect(verdicts).toEqual([expect.objectContaining({ peer: guest.id, reason: 'peer-left', step: 'ice' })])
    expect(host.peer.getPeers().size).toBe(0)
    await world.settle(host.leave())
    await world.end()
  })

  test('a description that cannot be applied: remote-description-refused', async () => {
    const world = await LobbyWorld.start()
    const host = await world.join('host-1')
    const { accept } = world.sockets.server
    world.sockets.server.accept = (socket, ...rest) =>
      accept({ ...socket, send: (text) => socket.send(text.replace(/a=ice-pwd:/, 'a=ice-nothing:')) }, ...rest)
    const guest = await world.join('host-2', { lobby: host.lobby, attempts: 1 })
    const verdicts = [host, guest].map(verdictsOf)
    await world.run(ALL_ATTEMPTS)
    expect(verdicts[1]?.[0]).toMatchObject({
      peer: 1,
      reason: 'remote-description-refused',
      failure: { code: 'ERR_INVALID_DATA' },
    })
    expect(guest.stats().refusedDescriptions).toBeGreaterThan(0)
    await world.settle(Promise.all([host.leave(), guest.leave()]))
    await world.end()
  })

  test('a connection that this side cannot make: connection-refused, with the error', async () => {
    const world = await LobbyWorld.start()
    const host = await world.join('host-1')
    const guest = await world.join('host-2', { lobby: host.lobby, iceServers: [{ urls: 'bogus:' }], attempts: 2 })
    const verdicts = verdictsOf(guest)
    await world.run(ALL_ATTEMPTS)
    expect(verdicts[0]).toMatchObject({
      peer: 1,
      reason: 'connection-refused',
      attempts: 2,
      failure: { code: 'ERR_INVALID_PARAMETER' },
    })
    await world.settle(Promise.all([host.leave(), guest.leave()]))
    await world.end()
  })

  test('dials$ tells each step, and the path', async () => {
    const world = await LobbyWorld.start()
    const host = await world.join('host-1')
    const seen: DialProgress[] = []
    host.dials$.subscribe((progress) => seen.push(progress))
    const guest = await world.join('host-2', { lobby: host.lobby })
    await world.untilConnected([host, guest])
    await world.run(100)
    expect(seen.map(({ state }) => state)).toEqual([
      'waitingForSignaling',
      'waitingForOffer',
      'checking',
      'securing',
      'opening',
      'connected',
    ])
    expect(seen.at(-1)).toMatchObject({
      peer: guest.id,
      role: 'answering',
      failures: 0,
      pair: { local: { type: 'host' }, remote: { type: 'host' } },
    })
    expect(() => host.dial(99)).toThrow(expect.objectContaining({ code: 'ERR_DOES_NOT_EXIST' }))
    await world.settle(Promise.all([host.leave(), guest.leave()]))
    await world.end()
  })
})
