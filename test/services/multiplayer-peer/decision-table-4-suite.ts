import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { TestApi } from '../../../src/testing/index.ts'
import { assertEqual } from '../../../src/testing/transport-acceptance/assertions.ts'
import { addPartner, record, type World } from '../../support/mesh-world.ts'
import { DECISION_TABLE_4, idOfPeer, type Mode } from './decision-table-4.ts'

const MODES: readonly Mode[] = ['mesh', 'server', 'client']

/** Declares a test for each cell of {@link DECISION_TABLE_4}, or of its main rows; runs in any world, in Node and in browsers. */
export function decisionTable4(
  { describe, test }: TestApi,
  makeWorld: () => World,
  rows: 'all' | 'main' = 'all',
): void {
  const chosen = DECISION_TABLE_4.filter((row) => rows === 'all' || row.main === true)
  for (const mode of MODES) {
    describe(`Godot 4 decisions, ${mode} mode`, () => {
      for (const row of chosen) {
        test(row.event, async () => {
          const world = makeWorld()
          const mesh = new WebRTCMultiplayerPeer(world.options)
          const heard = record(mesh)
          if (mode === 'mesh') mesh.createMesh(5)
          else if (mode === 'server') mesh.createServer()
          else mesh.createClient(5)
          const id = idOfPeer[mode]
          const partner = addPartner(world, mesh, id)
          try {
            if (row.open) {
              await partner.open()
              await world.until(() => heard.length >= (mode === 'client' ? 2 : 1))
            }
            heard.length = 0

            await row.act(mesh, partner, id)
            const { heard: expected, status } = row[mode]
            await world.until(
              () => heard.length >= expected.length && ConnectionStatus[mesh.connectionStatus] === status,
            )
            await world.settle()
            assertEqual(heard, expected, 'what is heard')
            assertEqual(ConnectionStatus[mesh.connectionStatus], status, 'the status')
          } finally {
            partner.connection.close()
            partner.local.close()
            mesh[Symbol.dispose]()
          }
        })
      }
    })
  }
}
