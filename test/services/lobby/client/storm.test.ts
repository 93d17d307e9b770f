import { describe, expect, test } from '@jest/globals'
import type { JoinedLobby } from '../../../../src/services/lobby/client/joined-lobby.ts'
import { Random } from '../../../../src/transport/simulated/random.ts'
import { disturbSignals } from './support/disturb-signals.ts'
import { connectedTo, LobbyWorld, verdictsOf } from './support/lobby-world.ts'

const HOSTS = 12
const STEPS = 100
/** Milliseconds after the last join or leave: a lost offer costs ten seconds, and may be lost again. */
const BOUND = 30_000

const seeds = [1, 2, 3, Math.floor(Math.random() * 1e9)]

describe('100 random joins and leaves by 12 peers whose signals come early, late, twice and in any order', () => {
  test.each(seeds)('every pair that should be is connected, and nobody else (seed %i)', async (seed) => {
    const world = await LobbyWorld.start({ seed })
    const random = new Random(seed)
    world.sockets.disturb = disturbSignals(random.fork('signals'), world.sockets.latency)
    const joined = new Map<string, JoinedLobby>()
    const options = { lobby: 'storm', create: { onHostLeave: 'keep' } } as const
    const everyone: JoinedLobby[] = []
    const pending: Promise<unknown>[] = []
    let joins = 0

    for (let step = 0; step < STEPS; step++) {
      const host = `host-${random.below(HOSTS)}`
      const lobby = joined.get(host)
      if (lobby === undefined) {
        joins++
        const member = await world.join(host, options)
        joined.set(host, member)
        everyone.push(member)
      } else {
        joined.delete(host)
        pending.push(lobby.leave())
      }
      // Some follow at once, some when the others have settled, most in the middle of it.
      await world.run(random.chance(0.3) ? 0 : random.next() * 4_000)
    }
    await world.settle(Promise.all(pending))

    const lobbies = [...joined.values()]
    const verdicts = lobbies.map(verdictsOf)
    const ids = lobbies.map(({ id }) => id)
    const expected = lobbies.map(({ id }) => ids.filter((other) => other !== id).sort((a, b) => a - b))
    await world.clock.runUntil(
      () => lobbies.every((lobby, index) => connectedTo(lobby).join() === expected[index]?.join()),
      { limit: BOUND, what: `the mesh of seed ${seed}` },
    )
    // It stays so.
    await world.run(30_000)
    expect(lobbies.map(connectedTo)).toEqual(expected)
    expect(lobbies.map(({ members }) => [...members].sort((a, b) => a - b))).toEqual(expected)
    // The last to leave may have left before it was connected to everyone.
    expect(verdicts.flat().filter(({ reason }) => reason !== 'peer-left')).toEqual([])
    expect(joins).toBeGreaterThan(40)
    // The signals were disturbed indeed.
    const dropped = everyone.map((lobby) => lobby.stats())
    expect(dropped.some(({ staleDescriptions }) => staleDescriptions > 0)).toBe(true)
    expect(dropped.every(({ malformedMessages }) => malformedMessages === 0)).toBe(true)

    await world.settle(Promise.all(lobbies.map((lobby) => lobby.leave())))
    await world.end()
    expect(world.sockets.open.size).toBe(0)
    expect(world.clock.pending).toBe(0)
  })
})
