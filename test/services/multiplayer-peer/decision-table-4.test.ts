import { afterEach, describe, expect, test } from '@jest/globals'
import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { ConnectionState } from '../../../src/transport/states.ts'
import { addPartner, record, simulatedWorld } from '../../support/mesh-world.ts'
import { DECISION_TABLE_4, type Mode, idOfPeer } from './decision-table-4.ts'

const meshes: WebRTCMultiplayerPeer[] = []
afterEach(() => {
  for (const mesh of meshes.splice(0)) mesh[Symbol.dispose]()
})

describe.each(['mesh', 'server', 'client'] as const)('Godot 4 decisions, %s mode', (mode: Mode) => {
  test.each(DECISION_TABLE_4.map((row) => [row.event, row] as const))('%s', async (_, row) => {
    const world = simulatedWorld()
    const mesh = new WebRTCMultiplayerPeer(world.options)
    meshes.push(mesh)
    const heard = record(mesh)
    if (mode === 'mesh') mesh.createMesh(5)
    else if (mode === 'server') mesh.createServer()
    else mesh.createClient(5)
    const id = idOfPeer[mode]
    const partner = addPartner(world, mesh, id)
    if (row.open) await partner.open()
    heard.length = 0

    await row.act(mesh, partner, id)
    await world.settle()

    expect(heard).toEqual(row[mode].heard)
    expect(ConnectionStatus[mesh.connectionStatus]).toBe(row[mode].status)
    // A peer that is gone is gone with its connection and its actor.
    const children = Object.keys(mesh.actor.getSnapshot().context.peers)
    if (mesh.hasPeer(id)) expect(partner.local.connectionState).not.toBe(ConnectionState.CLOSED)
    else {
      expect(partner.local.connectionState).toBe(ConnectionState.CLOSED)
      expect(children).toEqual([])
    }
  })
})
