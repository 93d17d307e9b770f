import { expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { MultiplayerError } from '../../../src/multiplayer-error.ts'
import { SimulatedNetwork } from '../../../src/testing/index.ts'
import type { WebRTCPeerConnection } from '../../../src/transport/peer-connection.ts'
import { PATIENCE } from '../support/patience.ts'

jest.setTimeout(PATIENCE)

/** Milliseconds between two signals that arrive; a connect takes 55. */
const PAUSE = 2
const SETTLED = 2_000

/** A signal on its way, with what its name is in a failure. */
interface Signal {
  readonly name: string
  readonly isDescription: boolean
  deliver(): void
}

/** Carries signals in an order of fast-check's choosing, some of them twice. */
class ShufflingChannel {
  readonly #scheduler: fc.Scheduler
  readonly #twice: Iterator<boolean>
  /** Descriptions that came a second time, and that the connection refused. */
  secondDescriptions = 0
  refused = 0

  constructor(scheduler: fc.Scheduler, twice: Iterator<boolean>) {
    this.#scheduler = scheduler
    this.#twice = twice
  }

  join(name: string, from: WebRTCPeerConnection, to: WebRTCPeerConnection): void {
    from.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
      from.setLocalDescription(type, sdp)
      this.#carry({
        name: `${type} of ${name}`,
        isDescription: true,
        deliver: () => {
          to.setRemoteDescription(type, sdp)
        },
      })
    })
    from.iceCandidateCreated$.subscribe((candidate) => {
      this.#carry({
        name: `candidate of ${name}`,
        isDescription: false,
        deliver: () => {
          to.addIceCandidate(candidate.media, candidate.index, candidate.name)
        },
      })
    })
  }

  #carry(signal: Signal): void {
    const isTwice = this.#twice.next().value === true
    if (isTwice && signal.isDescription) this.secondDescriptions++
    for (let copy = 0; copy < (isTwice ? 2 : 1); copy++) {
      void this.#scheduler.schedule(Promise.resolve(), signal.name).then(() => {
        this.#deliver(signal)
      })
    }
  }

  #deliver(signal: Signal): void {
    try {
      signal.deliver()
    } catch (error) {
      // The same description again is not expected any more; a candidate may come as often as it likes.
      if (!signal.isDescription || !(error instanceof MultiplayerError) || error.code !== 'ERR_UNCONFIGURED')
        throw error
      this.refused++
    }
  }
}

/** A mesh with one connection, to the other one. */
class Side {
  readonly mesh: WebRTCMultiplayerPeer
  readonly connection: WebRTCPeerConnection
  readonly heard: string[] = []

  constructor(network: SimulatedNetwork, id: number) {
    this.mesh = new WebRTCMultiplayerPeer({ clock: network.clock })
    this.mesh.createMesh(id)
    this.connection = new (network.host(`host ${id}`).PeerConnection)()
    this.mesh.addPeer(this.connection, 3 - id)
    this.mesh.peerConnected$.subscribe((peer) => this.heard.push(`connected ${peer}`))
    this.mesh.peerRemoved$.subscribe(({ peer, reason }) => this.heard.push(`removed ${peer}: ${reason}`))
    this.mesh.packets$.subscribe(({ peer, data }) => this.heard.push(`${data.length} byte of ${peer}`))
  }
}

test('two meshes whose signals come in any order, late and twice, are connected once', async () => {
  let orders = 0
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.infiniteStream(fc.boolean()), async (scheduler, twice) => {
      const network = new SimulatedNetwork({ latency: 5 })
      const [offering, answering] = [1, 2].map((id) => new Side(network, id)) as [Side, Side]
      const channel = new ShufflingChannel(scheduler, twice)
      channel.join('1', offering.connection, answering.connection)
      channel.join('2', answering.connection, offering.connection)

      offering.connection.createOffer()
      await network.clock.run(PAUSE)
      while (scheduler.count() > 0) {
        await scheduler.waitNext(1)
        await network.clock.run(PAUSE)
      }
      await network.clock.run(SETTLED)
      offering.mesh.send(Uint8Array.of(1))
      await network.clock.run(SETTLED)

      expect(offering.heard).toEqual(['connected 2'])
      expect(answering.heard).toEqual(['connected 1', '1 byte of 1'])
      expect(channel.refused).toBe(channel.secondDescriptions)
      orders++
      seen.add(
        scheduler
          .report()
          .map(({ label }) => label)
          .join(),
      )
      for (const { mesh } of [offering, answering]) mesh[Symbol.dispose]()
      await network.clock.run(SETTLED)
      expect(network.clock.pending).toBe(0)
    }),
    { numRuns: 200 },
  )
  process.stdout.write(`signaling: ${orders} runs, ${seen.size} different orders\n`)
  expect(seen.size).toBeGreaterThan(50)
})
