import type { IceCandidate, PeerConnectionConfiguration, PeerConnectionConstructor } from '../peer-connection.ts'
import { formatCandidate } from './session-text.ts'
import type { SimulatedNetwork } from './simulated-network.ts'
import { SimulatedPeerConnection } from './simulated-peer-connection.ts'

/** The first of the ports that systems give to programs that do not ask for a certain one. */
const FIRST_PORT = 49152
const PORTS = 65536 - FIRST_PORT

/** A machine in a {@link SimulatedNetwork}. Connections made with its constructor live on it. */
export class SimulatedHost {
  readonly name: string
  readonly network: SimulatedNetwork
  /** `new host.PeerConnection(configuration)`; give it to whatever takes a {@link PeerConnectionConstructor}. */
  readonly PeerConnection: PeerConnectionConstructor

  readonly #number: number
  #isAlive = true
  #ports = 0

  /** Hosts are made by {@link SimulatedNetwork.host}. */
  constructor(network: SimulatedNetwork, name: string, number: number) {
    this.network = network
    this.name = name
    this.#number = number
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- a class inside has a `this` of its own
    const host = this
    this.PeerConnection = class extends SimulatedPeerConnection {
      constructor(configuration?: PeerConnectionConfiguration) {
        super(host, configuration)
      }
    }
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  /** Names the host in random sequences, which a restarted one does not continue. */
  get key(): string {
    return `${this.name}#${this.#number}`
  }

  /** The network's concern; see {@link SimulatedNetwork.kill}. */
  die(): void {
    this.#isAlive = false
  }

  /** The candidates of one more connection on this host. */
  allocateCandidates(): IceCandidate[] {
    const port = FIRST_PORT + (this.#ports++ % PORTS)
    return [
      formatCandidate(`10.0.${this.#number >> 8}.${this.#number & 255}`, port),
      formatCandidate(`fd00::${this.#number.toString(16)}`, port),
    ]
  }
}
