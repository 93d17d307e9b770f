import { describe, expect, test } from '@jest/globals'
import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { Logger } from '../../../src/services/multiplayer-peer/options.ts'
import { TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { addPartner, simulatedWorld } from '../../support/mesh-world.ts'
import { refusal } from '../../support/refusal.ts'

const { DISCONNECTED, CONNECTING, CONNECTED } = ConnectionStatus

describe('the status goes straight to where a start leads', () => {
  test.each<[string, (mesh: WebRTCMultiplayerPeer) => void, ConnectionStatus]>([
    [
      'createMesh',
      (mesh) => {
        mesh.createMesh(5)
      },
      CONNECTED,
    ],
    [
      'createServer',
      (mesh) => {
        mesh.createServer()
      },
      CONNECTED,
    ],
    [
      'createClient',
      (mesh) => {
        mesh.createClient(5)
      },
      CONNECTING,
    ],
    [
      'initialize',
      (mesh) => {
        mesh.initialize(5)
      },
      CONNECTED,
    ],
    [
      'initialize of the server',
      (mesh) => {
        mesh.initialize(1)
      },
      CONNECTED,
    ],
    [
      'initialize with server compatibility',
      (mesh) => {
        mesh.initialize(5, true)
      },
      CONNECTING,
    ],
    [
      'initialize of the server with it',
      (mesh) => {
        mesh.initialize(1, true)
      },
      CONNECTED,
    ],
  ])('%s', (name, start, status) => {
    const mesh = new WebRTCMultiplayerPeer()
    const statuses: ConnectionStatus[] = []
    mesh.connectionStatus$.subscribe((now) => statuses.push(now))
    start(mesh)
    expect(statuses).toEqual([DISCONNECTED, status])
    expect(mesh.actor.getSnapshot()).toMatchObject({
      context: { mode: name.startsWith('initialize') ? 'mesh' : name.slice(6).toLowerCase() },
    })
    mesh[Symbol.dispose]()
    expect(statuses).toEqual([DISCONNECTED, status, DISCONNECTED])
  })
})

test('a mesh with peers is not started anew; the error names them', () => {
  const world = simulatedWorld()
  const mesh = new WebRTCMultiplayerPeer(world.options)
  mesh.createMesh(5)
  for (const id of [9, 2]) addPartner(world, mesh, id)
  const start = (): void => {
    mesh.createServer()
  }
  expect(start).toThrow(refusal('ERR_ALREADY_IN_USE'))
  expect(start).toThrow(expect.objectContaining({ value: [9, 2] }))
  mesh[Symbol.dispose]()
})

test('a peer that is not there: the error names it, and so does the warning of removePeer', () => {
  const warnings: string[] = []
  const logger: Logger = { warn: (message) => warnings.push(message), error: () => undefined }
  const mesh = new WebRTCMultiplayerPeer({ logger })
  mesh.createMesh(5)
  expect(() => mesh.getPeer(9)).toThrow(refusal('ERR_DOES_NOT_EXIST'))
  expect(() => mesh.getPeer(9)).toThrow(expect.objectContaining({ value: 9 }))
  expect(mesh.removePeer(9)).toBe(false)
  expect(warnings).toEqual(['there is no peer 9 to remove'])
  mesh[Symbol.dispose]()
})

test('what a session was configured with is forgotten at its end', async () => {
  const world = simulatedWorld()
  const mesh = new WebRTCMultiplayerPeer(world.options)
  mesh.createMesh(5, [TransferMode.RELIABLE, TransferMode.UNRELIABLE])
  mesh.setTargetPeer(9)
  await mesh.close({ immediate: true })
  mesh.createMesh(5)
  addPartner(world, mesh, 2)
  expect(mesh.getPeer(2).channels).toHaveLength(3)
  // To everyone again: peer 9 would be refused.
  mesh.putPacket(new Uint8Array(1))
  mesh[Symbol.dispose]()
})
