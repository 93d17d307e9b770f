import { afterEach, describe, expect, test } from '@jest/globals'
import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { addPartner, type Partner, record } from '../../support/mesh-world.ts'
import { realWorld, until } from '../../support/real-world.ts'
import { DECISION_TABLE_4, idOfPeer } from './decision-table-4.ts'

const meshes: WebRTCMultiplayerPeer[] = []
const partners: Partner[] = []
const main = DECISION_TABLE_4.filter((row) => row.main === true)

describe.each(['mesh', 'server', 'client'] as const)('Godot 4 decisions on real connections, %s mode', (mode) => {
  afterEach(async () => {
    for (const { connection, local } of partners.splice(0)) {
      connection.close()
      local.close()
    }
    for (const mesh of meshes.splice(0)) await mesh[Symbol.asyncDispose]()
  })

  test.each(main.map((row) => [row.event, row] as const))('%s', async (_, row) => {
    const mesh = new WebRTCMultiplayerPeer()
    meshes.push(mesh)
    const heard = record(mesh)
    if (mode === 'mesh') mesh.createMesh(5)
    else if (mode === 'server') mesh.createServer()
    else mesh.createClient(5)
    const id = idOfPeer[mode]
    const partner = addPartner(realWorld, mesh, id)
    partners.push(partner)
    if (row.open) await partner.open()
    heard.length = 0

    await row.act(mesh, partner, id)
    const { heard: expected, status } = row[mode]
    await until(() => heard.length >= expected.length && ConnectionStatus[mesh.connectionStatus] === status)
    await realWorld.settle()
    expect(heard).toEqual(expected)
    expect(ConnectionStatus[mesh.connectionStatus]).toBe(status)
  })
})
