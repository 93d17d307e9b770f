import {
  MultiplayerError,
  type Packet,
  TransferMode,
  WebRTCMultiplayerPeer,
  WebRTCPeerConnection,
} from '../../index.ts'
import { EXTRA_CHANNELS } from './channels.ts'
import type { ConnectionReport, FromPeer, PeerSignal, ToPeer } from './messages.ts'
import { encodePing } from './packet-format.ts'
import { TrafficReceiver } from './traffic-receiver.ts'
import { TrafficSender } from './traffic-sender.ts'

/** All peers are on this machine: no interface, address or firewall of it matters to the demo. */
const LOOPBACK = { libdatachannel: { bindAddress: '127.0.0.1' } }

/** One peer of the demo: a mesh, connected as it is told, with traffic on all its channels. */
export class DemoPeer {
  readonly #tell: (message: FromPeer) => void
  readonly #mesh: WebRTCMultiplayerPeer
  readonly #sender: TrafficSender
  readonly #receiver: TrafficReceiver
  /** When each peer was added. */
  readonly #addedAt = new Map<number, number>()
  readonly #announced = new Set<number>()
  readonly #roundTrips = new Map<number, number>()
  #sending: ReturnType<typeof setInterval> | undefined
  #left: Promise<void> | undefined

  constructor(id: number, tell: (message: FromPeer) => void) {
    this.#tell = tell
    this.#mesh = new WebRTCMultiplayerPeer()
    this.#sender = new TrafficSender(this.#mesh)
    this.#receiver = new TrafficReceiver(id)
    this.#mesh.peerConnected$.subscribe((peer) => {
      this.#announced.add(peer)
      tell({ type: 'peerConnected', peer, took: performance.now() - (this.#addedAt.get(peer) ?? NaN) })
    })
    this.#mesh.peerDisconnected$.subscribe((peer) => {
      this.#forget(peer)
      tell({ type: 'peerDisconnected', peer })
    })
    this.#mesh.peerRemoved$.subscribe(({ peer, announced, reason }) => {
      if (!announced) tell({ type: 'neverConnected', peer, reason })
    })
    this.#mesh.packets$.subscribe((packet) => {
      this.#receive(packet)
    })
    this.#mesh.createMesh(id, EXTRA_CHANNELS)
  }

  /** Does what the parent says. */
  obey(message: Exclude<ToPeer, { type: 'leave' }>): void {
    if (this.#left !== undefined) return
    switch (message.type) {
      case 'connect':
        this.#connect(message.peer, message.offers)
        break
      case 'signal':
        this.#takeSignal(message.from, message.signal)
        break
      case 'send':
        this.#send(message.rounds, message.every)
        break
      case 'report':
        this.#tell({ type: 'report', report: { at: performance.now(), connections: this.#connections() } })
        this.#ping()
        break
      case 'tally':
        this.#tell({ type: 'tally', tally: { sent: this.#sender.tally(), received: this.#receiver.tally() } })
        break
    }
  }

  /** Stops sending, lets what was sent arrive and closes everything. */
  leave(): Promise<void> {
    clearInterval(this.#sending)
    this.#left ??= this.#mesh[Symbol.asyncDispose]()
    return this.#left
  }

  #connect(peer: number, offers: boolean): void {
    const connection = new WebRTCPeerConnection(LOOPBACK)
    this.#addedAt.set(peer, performance.now())
    this.#mesh.addPeer(connection, peer)
    connection.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
      connection.setLocalDescription(type, sdp)
      this.#tell({ type: 'signal', to: peer, signal: { kind: 'description', type, sdp } })
    })
    connection.iceCandidateCreated$.subscribe(({ media, index, name }) => {
      this.#tell({ type: 'signal', to: peer, signal: { kind: 'candidate', media, index, name } })
    })
    if (offers) connection.createOffer()
  }

  #takeSignal(from: number, signal: PeerSignal): void {
    // What a peer had sent before it left may come after we dropped it.
    if (!this.#mesh.hasPeer(from)) return
    const { connection } = this.#mesh.getPeer(from)
    if (signal.kind === 'description') connection.setRemoteDescription(signal.type, signal.sdp)
    else connection.addIceCandidate(signal.media, signal.index, signal.name)
  }

  #send(rounds: number | null, every: number): void {
    let left = rounds ?? Infinity
    clearInterval(this.#sending)
    this.#sending = setInterval(() => {
      this.#sender.sendRound([...this.#announced])
      if (--left > 0) return
      clearInterval(this.#sending)
      this.#tell({ type: 'sent' })
    }, every)
  }

  #receive(packet: Packet): void {
    const other = this.#receiver.take(packet)
    if (other?.kind === 'pong') this.#roundTrips.set(packet.peer, performance.now() - other.time)
    else if (other?.kind === 'ping') this.#sendPing(packet.peer, 'pong', other.time)
  }

  /** Every report asks anew; the echo is in the next one. */
  #ping(): void {
    for (const peer of this.#announced) this.#sendPing(peer, 'ping', performance.now())
  }

  #sendPing(to: number, kind: 'ping' | 'pong', time: number): void {
    try {
      this.#mesh.send(encodePing({ kind, time }), { to, mode: TransferMode.RELIABLE })
    } catch (error) {
      // A peer that has begun to leave is still announced, but takes nothing.
      if (!(error instanceof MultiplayerError)) throw error
    }
  }

  #forget(peer: number): void {
    this.#announced.delete(peer)
    this.#addedAt.delete(peer)
    this.#roundTrips.delete(peer)
  }

  #connections(): ConnectionReport[] {
    return this.#mesh.stats().peers.map(({ peer, state, roundTripTime, channels }) => ({
      peer,
      state,
      roundTrip: this.#roundTrips.get(peer) ?? roundTripTime,
      channels: channels.map(({ sentPackets, sentBytes, receivedPackets, receivedBytes }) => ({
        sentPackets,
        sentBytes,
        receivedPackets,
        receivedBytes,
      })),
    }))
  }
}
