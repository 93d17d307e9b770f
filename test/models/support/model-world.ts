import type { MultiplayerPeerOptions } from '../../../src/services/multiplayer-peer/options.ts'
import { SimulatedNetwork } from '../../../src/testing/index.ts'
import type { MeshModelTime } from '../../../src/testing/models/mesh-model-types.ts'
import { PEER_MODEL_TIMES } from '../../../src/testing/models/peer-model.ts'
import type { WebRTCPeerConnection } from '../../../src/transport/peer-connection.ts'
import { SteeredConnection } from './steered-connection.ts'

/** Where a mesh is led along paths: how connections are made there, how time passes, and what else can be made to happen. */
export interface ModelWorld {
  readonly options: MultiplayerPeerOptions
  /** A connection of the mesh under test. */
  makeLocal(): WebRTCPeerConnection
  /** The other end of a connection, on a host of its own. */
  makeRemote(host: string): WebRTCPeerConnection
  /** Lets time pass until the condition holds. */
  until(condition: () => boolean): Promise<void>
  /** Lets time pass until nothing more is to be expected of what has happened. */
  settle(): Promise<void>
  /** Closes a connection of the mesh under test behind its back. */
  end(local: WebRTCPeerConnection): void
  /** How often a connection was let go; null where that cannot be told. */
  letGo(connection: WebRTCPeerConnection): number | null
  /** What can be done only where time and network are simulated. */
  readonly simulated?: SimulatedFaults
}

export interface SimulatedFaults {
  /** Lets the times of this kind run out, and all shorter ones. */
  timeOut(of: MeshModelTime): Promise<void>
  /** Lets one unit of the time of `peerModel` pass. */
  passUnit(): Promise<void>
  /** The process on the host dies; resolves when connections to it have noticed. */
  kill(host: string): Promise<void>
  waver(connection: WebRTCPeerConnection): void
  heal(connection: WebRTCPeerConnection): void
  /** Timers that are set. */
  pendingTimers(): number
}

/** Each is much longer than all of the shorter ones of a path together, and the first than a connection to a dead host takes to notice (30 s). Milliseconds. */
const DURATIONS: Readonly<Record<MeshModelTime, number>> = {
  drain: 1_000_000,
  healing: 40_000_000,
  dial: 1_600_000_000,
}
const MESH_TIMES: MultiplayerPeerOptions = {
  drainTimeout: DURATIONS.drain,
  disconnectedTimeout: DURATIONS.healing,
  connectTimeout: DURATIONS.dial,
}
/** What happens on a perfect network has happened after this, retransmissions aside. */
const SETTLED = 200
/** A connection to a dead host is FAILED after 30 s of silence, one that waits for an answer after 40 s. */
const DEATH_NOTICED = 41_000

/** Milliseconds of a unit of the time of `peerModel`, and how much of one the events of a path may take. */
const UNIT = 10_000_000
const SLACK = 3_000_000

/** With the times of `peerModel`; where several end in one unit, in the order in which that looks at them. */
export function simulatedPeerWorld(): ModelWorld {
  return simulatedModelWorld({
    connectTimeout: PEER_MODEL_TIMES.dial * UNIT - 2 * SLACK,
    drainTimeout: PEER_MODEL_TIMES.drain * UNIT - 2 * SLACK,
    disconnectedTimeout: PEER_MODEL_TIMES.healing * UNIT - SLACK,
  })
}

export function simulatedModelWorld(times: MultiplayerPeerOptions = MESH_TIMES): ModelWorld {
  const network = new SimulatedNetwork({ latency: 5 })
  const { clock } = network
  return {
    options: { clock, ...times },
    makeLocal: () => new SteeredConnection(network.host('under-test')),
    makeRemote: (host) => new (network.host(host).PeerConnection)(),
    until: () => clock.run(SETTLED),
    settle: () => clock.run(SETTLED),
    end: (local) => {
      steered(local).end()
    },
    letGo: (connection) => steered(connection).letGo,
    simulated: {
      timeOut: (of) => clock.run(DURATIONS[of]),
      passUnit: () => clock.run(UNIT),
      kill: async (host) => {
        network.kill(host)
        await clock.run(DEATH_NOTICED)
      },
      waver: (connection) => {
        steered(connection).waver()
      },
      heal: (connection) => {
        steered(connection).heal()
      },
      pendingTimers: () => clock.pending,
    },
  }
}

function steered(connection: WebRTCPeerConnection): SteeredConnection {
  if (connection instanceof SteeredConnection) return connection
  throw new Error('This connection was not made by makeLocal.')
}
