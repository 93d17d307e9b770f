import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Inspection } from '../../../src/services/inspector/inspection.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { ApiWorld } from '../multiplayer-api/support/api-world.ts'
import { Heard } from './recorder/support/heard.ts'

describe('a MultiplayerAPI that is watched', () => {
  let world: ApiWorld
  let inspection: Inspection

  beforeEach(() => {
    world = new ApiWorld({ authCallback: () => undefined, authTimeout: 2_000 })
    inspection = new Inspection({ clock: world.network.clock })
    world.add(1)
    world.add(2)
  })

  afterEach(async () => {
    expect(inspection.stats().failures).toBe(0)
    inspection.close()
    for (const { api } of world.members.values()) api[Symbol.dispose]()
    await world.run(120_000)
    expect(world.network.clock.pending).toBe(0)
  })

  test('shows its mesh and the authentications, from before and from now on', async () => {
    inspection.watch(world.api(1), { group: 'g' })
    world.join(1, 2)
    await world.run(500)
    const told = new Heard(inspection)
    expect(told.living).toEqual(['mesh', 'peer:2', 'authentication:2'])
    world.api(1).completeAuth(2)
    world.api(2).completeAuth(1)
    await world.run(500)
    expect(told.living).toEqual(['mesh', 'peer:2'])
    expect(told.lines()).toContain(
      'authentication:2 done in "completed" by remote.done; authentication.awaitingRemote -remote.done-> authentication.completed',
    )
    world.add(3)
    world.join(1, 3)
    await world.run(3_000)
    expect(told.lines()).toContain(
      'authentication:3 done in "failed" by timeout; authentication -timeout-> authentication.failed',
    )
    expect(new Set(told.of('@xstate.actor').map(({ group, uniqueId }) => `${group} ${uniqueId}`))).toEqual(
      new Set(['g 1']),
    )
    const closed = world.api(1).close()
    await world.run(3_000)
    await closed
    expect(told.living).toEqual([])
    inspection.stop()
    expect(inspection.stats()).toMatchObject({ systems: 0 })
    new Heard(inspection)
    expect(inspection.stats()).toMatchObject({ watches: 0 })
  })

  test('follows the peer that it is given', () => {
    const api = world.api(1)
    inspection.watch(api)
    const told = new Heard(inspection)
    const other = new WebRTCMultiplayerPeer({ clock: world.network.clock })
    other.createMesh(9)
    const [first] = told.of('@xstate.actor')
    api.multiplayerPeer = other
    const last = told.of('@xstate.actor').at(-1)
    expect(last).toMatchObject({ uniqueId: 9, kind: 'mesh' })
    expect(last?.sessionId).not.toBe(first?.sessionId)
    expect(told.living).toEqual(['mesh'])
    api.multiplayerPeer = null
    expect(told.living).toEqual([])
    expect(inspection.stats()).toMatchObject({ systems: 0 })
    world.member(1).mesh[Symbol.dispose]()
    other[Symbol.dispose]()
  })

  test('is in the group in which its mesh is watched', async () => {
    const { mesh, api } = world.member(1)
    inspection.watch(api)
    inspection.watch(mesh, { group: 'lobby' })
    const told = new Heard(inspection)
    world.join(1, 2)
    await world.run(500)
    const groups = new Map(told.of('@xstate.actor').map(({ name, group }) => [name, group]))
    expect(Object.fromEntries(groups)).toEqual({ mesh: 'lobby', 'peer:2': 'lobby', 'authentication:2': 'lobby' })
    expect(told.of('webrtc.facts').at(-1)?.group).toBe('lobby')
  })
})
