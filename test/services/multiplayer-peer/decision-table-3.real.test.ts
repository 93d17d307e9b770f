import { afterEach, describe, expect, test } from '@jest/globals'
import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { addPartner, type Partner, record } from '../../support/mesh-world.ts'
import { realWorld, until } from '../../support/real-world.ts'

const { CONNECTED, CONNECTING, DISCONNECTED } = ConnectionStatus

describe('Godot 3 decisions on real connections', () => {
  const meshes: WebRTCMultiplayerPeer[] = []
  const partners: Partner[] = []
  afterEach(async () => {
    for (const { connection, local } of partners.splice(0)) {
      connection.close()
      local.close()
    }
    for (const mesh of meshes.splice(0)) await mesh[Symbol.asyncDispose]()
  })

  function start(onServerLost: 'stay' | 'disconnect', serverCompatibility = true) {
    const mesh = new WebRTCMultiplayerPeer({ onServerLost })
    meshes.push(mesh)
    const heard = record(mesh)
    mesh.initialize(5, serverCompatibility)
    const add = (id: number) => {
      const partner = addPartner(realWorld, mesh, id)
      partners.push(partner)
      return partner
    }
    return { mesh, heard, add }
  }

  test('without compatibility peer 1 is a peer like any other', async () => {
    const { mesh, heard, add } = start('stay', false)
    await add(1).open()
    await until(() => heard.length > 0)
    mesh.removePeer(1)
    expect(heard).toEqual(['peerConnected(1) CONNECTED', 'peerDisconnected(1) CONNECTED'])
    expect(mesh.connectionStatus).toBe(CONNECTED)
  })

  test('nobody is announced before the server; then it is first, and the others follow in ascending order', async () => {
    const { mesh, heard, add } = start('stay')
    for (const id of [9, 3]) await add(id).open()
    const lost = add(7)
    await lost.open()
    lost.connection.close()
    await until(() => !mesh.hasPeer(7))
    expect([heard, mesh.connectionStatus]).toEqual([[], CONNECTING])
    await add(1).open()
    await until(() => heard.length >= 4)
    expect(heard).toEqual([
      'peerConnected(1) CONNECTED',
      'connectionSucceeded CONNECTED',
      'peerConnected(3) CONNECTED',
      'peerConnected(9) CONNECTED',
    ])
  })

  test.each([
    ['stay', CONNECTED],
    ['disconnect', DISCONNECTED],
  ] as const)('the server is lost, onServerLost: %s', async (onServerLost, status) => {
    const { mesh, heard, add } = start(onServerLost)
    const server = add(1)
    await server.open()
    await until(() => heard.length === 2)
    heard.length = 0
    server.connection.close()
    await until(() => heard.length >= 2)
    expect(heard).toEqual(['peerDisconnected(1) CONNECTED', 'serverDisconnected CONNECTED'])
    expect(mesh.connectionStatus).toBe(status)
  })
})
