import type { PeerConnectionConfiguration, WebRTCPeerConnection } from '../peer-connection.ts'
import { checkConditions, type NetworkConditions, PERFECT } from './network-conditions.ts'
import { type NetworkCounters, NetworkPath } from './network-path.ts'
import { Random } from './random.ts'
import { SimulatedHost } from './simulated-host.ts'
import { SimulatedLink } from './simulated-link.ts'
import type { SimulatedPeerConnection } from './simulated-peer-connection.ts'
import { VirtualClock } from './virtual-clock.ts'

/** Options of {@link SimulatedNetwork}: the conditions of all links, and: */
export interface SimulatedNetworkOptions extends Partial<NetworkConditions> {
  /** The same seed and the same calls give the same events at the same virtual times. Default 1. */
  seed?: number | string
  /** Default: a clock of its own, {@link SimulatedNetwork.clock}. */
  clock?: VirtualClock
  /** Bytes that a connection takes before messages count as buffered. Default 1 MiB, as libdatachannel's. */
  sendBuffer?: number
}

/** Which links conditions are meant for: by the names of their hosts. What is left out means every host. */
export interface LinkSelector {
  from?: string
  to?: string
}

interface Rule {
  readonly selector: LinkSelector
  readonly conditions: Partial<NetworkConditions>
}

/** Two groups of hosts that cannot reach each other. */
type Partition = readonly [ReadonlySet<string>, ReadonlySet<string>]

interface PathEntry {
  readonly from: SimulatedHost
  readonly to: SimulatedHost
  readonly path: NetworkPath
}

const DEFAULT_SEND_BUFFER = 1024 * 1024

/**
 * A network in memory under virtual time, with hosts, and between each two of them a link that can be slow, lossy, cut or dead. The connections on it
 * keep the contract of {@link WebRTCPeerConnection} and react to faults as real ones do, but the same seed always gives the same events.
 *
 * @example
 * ```ts
 * import { ChannelState } from 'webrtc-multiplayer'
 * import { SimulatedNetwork, connectPair } from 'webrtc-multiplayer/testing'
 *
 * const network = new SimulatedNetwork({ seed: 7, latency: 30, loss: 0.05 })
 * const alice = new (network.host('alice').PeerConnection)()
 * const bob = new (network.host('bob').PeerConnection)()
 * const channels = [alice, bob].map((c) => c.createDataChannel('chat', { negotiated: true, id: 1 }))
 * connectPair(alice, bob)
 * await network.clock.runUntil(() => channels.every((channel) => channel.readyState === ChannelState.OPEN))
 * ```
 */
export class SimulatedNetwork {
  readonly clock: VirtualClock
  readonly counters: NetworkCounters = { sent: 0, lost: 0, duplicated: 0, reordered: 0, delivered: 0 }
  readonly random: Random
  /** Bytes that a connection takes before messages count as buffered. */
  readonly sendBuffer: number

  readonly #hosts = new Map<string, SimulatedHost>()
  readonly #paths = new Map<string, PathEntry>()
  readonly #rules: Rule[] = []
  readonly #partitions = new Set<Partition>()
  readonly #links = new Map<SimulatedLink, SimulatedHost>()
  /** Connections that know whom they want, by their own name (ufrag). */
  readonly #waiting = new Map<string, SimulatedPeerConnection>()
  #hostCount = 0
  #connectionCount = 0

  constructor({
    seed = 1,
    clock = new VirtualClock(),
    sendBuffer = DEFAULT_SEND_BUFFER,
    ...conditions
  }: SimulatedNetworkOptions = {}) {
    this.clock = clock
    this.random = new Random(seed)
    this.sendBuffer = sendBuffer
    this.setConditions(conditions)
  }

  /** The host of this name; made when first asked for, and made anew after {@link kill}. */
  host(name: string): SimulatedHost {
    const known = this.#hosts.get(name)
    if (known?.isAlive) return known
    const host = new SimulatedHost(this, name, ++this.#hostCount)
    this.#hosts.set(name, host)
    return host
  }

  /** A connection on a host of its own. */
  createConnection(configuration?: PeerConnectionConfiguration): WebRTCPeerConnection {
    const { PeerConnection } = this.host(`host-${this.#hostCount + 1}`)
    return new PeerConnection(configuration)
  }

  /** Changes conditions from now on, of all links or of those selected; what is not given stays. Packets under way are not touched. */
  setConditions(conditions: Partial<NetworkConditions>, selector: LinkSelector = {}): void {
    checkConditions(conditions)
    this.#rules.push({ selector, conditions })
    this.#changed()
  }

  /**
   * Cuts every link between the two groups of hosts, in both directions, until {@link heal}. Packets under way are lost.
   *
   * @returns what ends this partition alone.
   */
  partition(groupA: readonly string[], groupB: readonly string[]): () => void {
    const partition: Partition = [new Set(groupA), new Set(groupB)]
    this.#partitions.add(partition)
    this.#changed()
    return () => {
      if (this.#partitions.delete(partition)) this.#changed()
    }
  }

  /** Ends all partitions. What was lost meanwhile is retransmitted, if the connections have survived. */
  heal(): void {
    this.#partitions.clear()
    this.#changed()
  }

  /**
   * The process on this host dies: nothing is said to anybody, nothing happens on it any more. The others notice after about 13 s if they
   * have something to send, after 30 s if not. {@link host} of the same name is a new process.
   */
  kill(name: string): void {
    const host = this.host(name)
    host.die()
    for (const [link, owner] of this.#links) {
      if (owner !== host) continue
      this.#links.delete(link)
      link.die()
    }
    for (const [ufrag, connection] of this.#waiting) if (connection.host === host) this.#waiting.delete(ufrag)
    this.#changed()
  }

  /** A sequence of random numbers for one more connection. */
  forkForConnection(): Random {
    return this.random.fork(`connection ${this.#connectionCount++}`)
  }

  /**
   * Joins a connection with the one that it was told of, if that one was told of it too and either knows where to find the other.
   * Called whenever a connection has been told something.
   */
  tryJoin(connection: SimulatedPeerConnection): void {
    const { local, remote } = connection.signaling
    // Signals may still be given to a process that has died; it would ask for an answer for ever.
    if (local === null || remote === null || connection.isJoined || !connection.host.isAlive) return
    this.#waiting.set(local.ufrag, connection)
    const other = this.#waiting.get(remote.ufrag)
    if (other === undefined || !isMutual(connection, other)) return
    this.#waiting.delete(local.ufrag)
    this.#waiting.delete(remote.ufrag)
    const [offerer, answerer] = connection.signaling.isOfferer ? [connection, other] : [other, connection]
    const [first, second] = [this.#link(offerer, answerer), this.#link(answerer, offerer)]
    SimulatedLink.join(first, second)
  }

  /** A connection has ended. */
  forget({ signaling: { local } }: SimulatedPeerConnection, link: SimulatedLink | null): void {
    if (local !== null) this.#waiting.delete(local.ufrag)
    if (link !== null) this.#links.delete(link)
  }

  #link(connection: SimulatedPeerConnection, other: SimulatedPeerConnection): SimulatedLink {
    const link = new SimulatedLink({
      clock: this.clock,
      outgoing: this.#path(connection.host, other.host),
      incoming: this.#path(other.host, connection.host),
      sendBuffer: this.sendBuffer,
      events: connection.linkEvents,
    })
    this.#links.set(link, connection.host)
    connection.join(link)
    return link
  }

  #path(from: SimulatedHost, to: SimulatedHost): NetworkPath {
    const key = `${from.key} > ${to.key}`
    let entry = this.#paths.get(key)
    if (entry === undefined) {
      entry = { from, to, path: new NetworkPath(this.clock, this.random.fork(key), this.counters) }
      this.#paths.set(key, entry)
      this.#update(entry)
    }
    return entry.path
  }

  #changed(): void {
    for (const entry of this.#paths.values()) this.#update(entry)
    for (const link of this.#links.keys()) link.pathChanged()
  }

  #update({ from, to, path }: PathEntry): void {
    const conditions = this.#rules
      .filter(({ selector }) => (selector.from ?? from.name) === from.name && (selector.to ?? to.name) === to.name)
      .map((rule) => rule.conditions)
    path.conditions = Object.assign({ ...PERFECT }, ...conditions) as NetworkConditions
    path.isBlocked = !from.isAlive || !to.isAlive || this.#isPartitioned(from.name, to.name)
  }

  #isPartitioned(a: string, b: string): boolean {
    return [...this.#partitions].some(([left, right]) => (left.has(a) && right.has(b)) || (left.has(b) && right.has(a)))
  }
}

/** Both mean each other, with the right secrets, and at least one knows an address of the other (who then learns the way back from its packets). */
function isMutual(a: SimulatedPeerConnection, b: SimulatedPeerConnection): boolean {
  return knows(a, b) && knows(b, a) && (canReach(a, b) || canReach(b, a))
}

function knows(
  { signaling: { remote } }: SimulatedPeerConnection,
  { signaling: { local } }: SimulatedPeerConnection,
): boolean {
  return (
    remote !== null &&
    local !== null &&
    remote.ufrag === local.ufrag &&
    remote.password === local.password &&
    remote.fingerprint === local.fingerprint
  )
}

function canReach(a: SimulatedPeerConnection, b: SimulatedPeerConnection): boolean {
  return a.signaling.remoteCandidates.addresses.some((address) => b.addresses.includes(address))
}
