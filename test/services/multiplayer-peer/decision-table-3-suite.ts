import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { MultiplayerPeerOptions } from '../../../src/services/multiplayer-peer/options.ts'
import type { TestApi } from '../../../src/testing/index.ts'
import { assertEqual, assertTrue } from '../../../src/testing/transport-acceptance/assertions.ts'
import { addPartner, type Partner, record, type World } from '../../support/mesh-world.ts'
import { type Column, DECISION_TABLE_3, type Outcome, own } from './decision-table-3.ts'

/** One mesh under test and its partners; closes them all. */
class Scene {
  readonly world: World
  readonly mesh: WebRTCMultiplayerPeer
  readonly heard: string[]
  readonly #partners: Partner[] = []

  constructor(world: World, options: MultiplayerPeerOptions = {}) {
    this.world = world
    this.mesh = new WebRTCMultiplayerPeer({ ...world.options, ...options })
    this.heard = record(this.mesh)
  }

  add(id: number): Partner {
    const partner = addPartner(this.world, this.mesh, id)
    this.#partners.push(partner)
    return partner
  }

  async connect(id: number): Promise<Partner> {
    const partner = this.add(id)
    await partner.open()
    return partner
  }

  /** What is heard from now on, until nothing more is to be expected. */
  async expect(expected: readonly string[]): Promise<void> {
    await this.world.until(() => this.heard.length >= expected.length)
    await this.world.settle()
    assertEqual(this.heard, expected, 'what is heard')
  }

  assertStatus(status: ConnectionStatus): void {
    assertEqual(ConnectionStatus[this.mesh.connectionStatus], ConnectionStatus[status], 'the status')
  }

  dispose(): void {
    for (const { connection, local } of this.#partners) {
      connection.close()
      local.close()
    }
    this.mesh[Symbol.dispose]()
  }
}

/**
 * Declares a test for each cell of {@link DECISION_TABLE_3} and what belongs to it; runs in any world, in Node and in browsers. Main are the rows where something
 * happens at the other end, with the default of `onServerLost`.
 */
export function decisionTable3(
  { describe, test }: TestApi,
  makeWorld: () => World,
  rows: 'all' | 'main' = 'all',
): void {
  const policies = rows === 'all' ? (['stay', 'disconnect'] as const) : (['stay'] as const)
  const chosen = DECISION_TABLE_3.filter(
    (row) => rows === 'all' || (row.act !== 'remove' && (row.open || row.act === 'open')),
  )
  const inScene = (name: string, options: MultiplayerPeerOptions, body: (scene: Scene) => Promise<void>): void => {
    test(name, async () => {
      const scene = new Scene(makeWorld(), options)
      try {
        await body(scene)
      } finally {
        scene.dispose()
      }
    })
  }

  /** Peer 2 is there, in the last column the server too. */
  const arrange = async (scene: Scene, column: Column): Promise<Partner | undefined> => {
    scene.mesh.initialize(own[column], column !== 'plain')
    await scene.connect(2)
    const server = column === 'afterServer' ? await scene.connect(1) : undefined
    const announced = { plain: 1, compatibleServer: 1, beforeServer: 0, afterServer: 3 }[column]
    await scene.world.until(() => scene.heard.length >= announced)
    return server
  }

  for (const onServerLost of policies) {
    const lost = onServerLost === 'stay' ? ConnectionStatus.CONNECTED : ConnectionStatus.DISCONNECTED

    describe(`Godot 3 decisions, onServerLost: ${onServerLost}`, () => {
      for (const row of chosen) {
        for (const [column, outcome] of Object.entries(row.outcome) as [Column, Outcome][]) {
          inScene(`${row.event}, ${column}`, { onServerLost }, async (scene) => {
            const server = await arrange(scene, column)
            const partner = row.peer === 1 && server ? server : scene.add(row.peer)
            if (row.open && partner !== server) {
              const before = scene.heard.length
              await partner.open()
              if (column !== 'beforeServer') await scene.world.until(() => scene.heard.length > before)
            }
            scene.heard.length = 0

            if (row.act === 'open') await partner.open()
            else if (row.act === 'remove') scene.mesh.removePeer(row.peer)
            else partner.local.close()
            await scene.expect(outcome.heard)
            scene.assertStatus(outcome.status === 'lost' ? lost : ConnectionStatus[outcome.status])
          })
        }
      }

      inScene('close() says nothing', { onServerLost }, async (scene) => {
        await arrange(scene, 'afterServer')
        scene.heard.length = 0
        void scene.mesh.close()
        await scene.expect([])
        scene.assertStatus(ConnectionStatus.DISCONNECTED)
      })

      inScene(
        'a server that is added again revives the session; nobody is announced twice',
        { onServerLost },
        async (scene) => {
          const server = await arrange(scene, 'afterServer')
          server?.local.close()
          await scene.world.until(() => !scene.mesh.hasPeer(1))
          await scene.world.settle()
          scene.heard.length = 0
          await scene.connect(4)
          await scene.world.settle()
          await scene.connect(1)
          const again = ['peerConnected(1) CONNECTED', 'connectionSucceeded CONNECTED']
          await scene.expect(
            onServerLost === 'stay'
              ? ['peerConnected(4) CONNECTED', ...again]
              : [...again, 'peerConnected(4) CONNECTED'],
          )
        },
      )
    })
  }

  describe('Godot 3 decisions, server compatibility and client mode', () => {
    inScene(
      'nobody is announced before the server; then it is first, the others follow in ascending order',
      {},
      async (scene) => {
        scene.mesh.initialize(5, true)
        for (const id of [9, 3]) await scene.connect(id)
        const lost = await scene.connect(7)
        lost.connection.close()
        await scene.world.until(() => !scene.mesh.hasPeer(7))
        assertEqual(scene.heard, [], 'what is heard before')
        scene.assertStatus(ConnectionStatus.CONNECTING)
        await scene.connect(1)
        await scene.expect([
          'peerConnected(1) CONNECTED',
          'connectionSucceeded CONNECTED',
          'peerConnected(3) CONNECTED',
          'peerConnected(9) CONNECTED',
        ])
      },
    )

    inScene('a client whose server is added again after it was lost connects again', {}, async (scene) => {
      const { mesh, heard } = scene
      mesh.createClient(5)
      const first = await scene.connect(1)
      await scene.world.until(() => heard.length === 2)
      first.connection.close()
      await scene.world.until(() => mesh.connectionStatus === ConnectionStatus.DISCONNECTED)
      assertEqual([mesh.uniqueId, mesh.isServer], [5, false], 'id, and whether it is the server')
      heard.length = 0
      await scene.connect(1)
      await scene.expect(['peerConnected(1) CONNECTED', 'connectionSucceeded CONNECTED'])
    })

    inScene(
      'a server that never answers: connectionFailed$ after connectTimeout',
      { connectTimeout: 500 },
      async (scene) => {
        scene.mesh.createClient(5)
        scene.add(1).local.createOffer()
        await scene.expect(['connectionFailed CONNECTING'])
        scene.assertStatus(ConnectionStatus.DISCONNECTED)
        assertTrue(!scene.mesh.hasPeer(1), 'the server is no peer any more')
      },
    )
  })
}
