import { describe, expect, test } from '@jest/globals'
import type { NegotiationState } from '../../../../src/machines/negotiation-types.ts'
import type { JoinLobbyOptions } from '../../../../src/services/lobby/client/join-options.ts'
import type { JoinedLobby } from '../../../../src/services/lobby/client/joined-lobby.ts'
import { LobbyWorld } from './support/lobby-world.ts'

/** A graceful close takes two seconds at most. */
const LONGEST = 2_100

interface Row {
  readonly state: NegotiationState
  /** The guest makes the offers, the host answers. */
  readonly who: 'guest' | 'host'
  readonly when: 'all is well' | 'there is no path' | 'ICE servers are waited for'
}

const ROWS: readonly Row[] = [
  { state: 'waitingForOffer', who: 'host', when: 'all is well' },
  { state: 'offering', who: 'guest', when: 'all is well' },
  { state: 'offering', who: 'guest', when: 'ICE servers are waited for' },
  { state: 'checking', who: 'guest', when: 'all is well' },
  { state: 'checking', who: 'host', when: 'all is well' },
  { state: 'checking', who: 'host', when: 'ICE servers are waited for' },
  { state: 'checking', who: 'guest', when: 'there is no path' },
  { state: 'securing', who: 'guest', when: 'all is well' },
  { state: 'securing', who: 'host', when: 'all is well' },
  { state: 'opening', who: 'guest', when: 'all is well' },
  { state: 'opening', who: 'host', when: 'all is well' },
  { state: 'connected', who: 'guest', when: 'all is well' },
  { state: 'connected', who: 'host', when: 'all is well' },
  { state: 'backingOff', who: 'guest', when: 'there is no path' },
  { state: 'gaveUp', who: 'guest', when: 'there is no path' },
]

/** Once good, then expired, and never answered again. */
function expiringServers(): NonNullable<JoinLobbyOptions['iceServers']> {
  let calls = 0
  return () => (++calls === 1 ? { iceServers: [], expiresAt: 1 } : new Promise(() => undefined))
}

/** Resolves with the time that leaving takes, once the lobby's dial has come to the state. */
function leaveIn(lobby: JoinedLobby, world: LobbyWorld, state: NegotiationState, later: number): Promise<number> {
  return new Promise((resolve) => {
    let isDue = true
    const leave = (): void => {
      const start = world.clock.now()
      void lobby.leave().then(() => {
        resolve(world.clock.now() - start)
      })
    }
    lobby.dials$.subscribe((progress) => {
      if (!isDue || progress.state !== state) return
      isDue = false
      if (later === 0) leave()
      else world.clock.setTimeout(leave, later)
    })
  })
}

describe.each(ROWS)('leave() of the $who in $state ($when)', ({ state, who, when }) => {
  // The simulated handshake goes on by itself when it is closed in the very call in which it tells of its path.
  const moments = state === 'securing' && who === 'guest' ? [1, 300] : [0, 1, 300]
  test.each(moments)('%i ms after the state was entered: resolves soon, and nothing remains', async (later) => {
    const world = await LobbyWorld.start({ network: { latency: 20 } })
    if (when === 'there is no path') world.network.partition(['host-1'], ['host-2'])
    const options = (name: Row['who']): JoinLobbyOptions => ({
      attempts: 2,
      iceServers: name === who && when === 'ICE servers are waited for' ? expiringServers() : [],
    })
    const host = await world.join('host-1', options('host'))
    let left = who === 'host' ? leaveIn(host, world, state, later) : null
    const guest = await world.join('host-2', { lobby: host.lobby, ...options('guest') })
    left ??= leaveIn(guest, world, state, later)
    await expect(world.settle(left)).resolves.toBeLessThanOrEqual(LONGEST)
    const leaver = who === 'host' ? host : guest
    expect(leaver.state).toBe('left')
    expect(leaver.peer.getPeers().size).toBe(0)
    await world.settle(Promise.all([host.leave(), guest.leave()]))
    await world.end()
    expect(world.sockets.open.size).toBe(0)
    expect(world.clock.pending).toBe(0)
  })
})
