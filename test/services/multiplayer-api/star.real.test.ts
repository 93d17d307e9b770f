import { afterEach, expect, test } from '@jest/globals'
import { MultiplayerAPI } from '../../../src/services/multiplayer-api/multiplayer-api.ts'
import { int, rpc } from '../../../src/services/multiplayer-api/rpc/index.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { connectPair } from '../../../src/testing/index.ts'
import { NodePeerConnection } from '../../../src/transport/node/node-peer-connection.ts'
import { waitFor } from '../../support/real-time.ts'
import { bytes, heardBy } from './support/api-world.ts'

const members: { mesh: WebRTCMultiplayerPeer; api: MultiplayerAPI; heard: string[] }[] = []
afterEach(async () => {
  await Promise.all(members.splice(0).map(({ api }) => api.close()))
})

function add(id: number) {
  const mesh = new WebRTCMultiplayerPeer()
  if (id === 1) mesh.createServer([TransferMode.RELIABLE])
  else mesh.createClient(id, [TransferMode.RELIABLE])
  const api = new MultiplayerAPI(mesh, {
    authenticate: async (_, channel) => {
      channel.send(bytes(id))
      await channel.receive()
    },
  })
  const node = api.node('/root/Main', {
    double: rpc({ permission: 'any-peer', args: [int], returns: int }, (value) => 2 * value),
  })
  const member = { mesh, api, node, heard: heardBy(api) }
  members.push(member)
  return member
}

function join(server: WebRTCMultiplayerPeer, client: WebRTCMultiplayerPeer): void {
  const [left, right] = [new NodePeerConnection(), new NodePeerConnection()]
  server.addPeer(left, client.uniqueId)
  client.addPeer(right, 1)
  connectPair(left, right)
}

test('a server and two clients: authentication, relay in both kinds of channels, a remote call, a close', async () => {
  const [server, second, third] = [add(1), add(2), add(3)]
  join(server.mesh, second.mesh)
  join(server.mesh, third.mesh)
  await waitFor(() => second.api.getPeers().length === 2 && third.api.getPeers().length === 2, 'all know each other')
  expect([...server.api.getPeers()].sort()).toEqual([2, 3])

  second.api.sendBytes(bytes(1), { to: 3, channel: 1 })
  second.api.sendBytes(bytes(2))
  third.api.sendBytes(bytes(3), { to: -1 })
  await waitFor(
    () =>
      third.heard.filter((line) => line.startsWith('packet')).length === 2 &&
      server.heard.includes('packet 2 02') &&
      second.heard.includes('packet 3 03'),
    'every packet is there',
  )
  expect(third.heard.filter((line) => line.startsWith('packet')).sort()).toEqual(['packet 2 01', 'packet 2 02'])
  expect(server.heard.filter((line) => line.startsWith('packet'))).toEqual(['packet 2 02'])
  expect(await second.node.double.call(3, 21)).toBe(42)

  await second.api.close()
  await waitFor(() => third.heard.includes('disconnected 2'), 'the other client hears that it has left')
  expect(third.api.getPeers()).toEqual([1])
  for (const { api } of [server, third]) expect(api.stats().violations).toEqual({})
})
