import { MultiplayerError, type Packet, TransferMode, type WebRTCMultiplayerPeer } from '../../index.ts'
import { type JoinedLobby, joinLobby } from '../../lobby.ts'
import { reportTo } from '../../services/inspector/report/report-to.ts'
import type { Reporter } from '../../services/inspector/report/reporter.ts'
import { EXTRA_CHANNELS } from './channels.ts'
import type { ConnectionReport, FromPeer, ToPeer } from './messages.ts'
import { encodePing } from './packet-format.ts'
import { TrafficReceiver } from './traffic-receiver.ts'
import { TrafficSender } from './traffic-sender.ts'
import { VisitorGuide } from './visitor-guide.ts'

const LOOPBACK = { libdatachannel: { bindAddress: '127.0.0.1' } }

type Order<Type extends ToPeer['type']> = Extract<ToPeer, { type: Type }>

/** What a peer has once it is in the lobby. */
interface Session {
  readonly mesh: WebRTCMultiplayerPeer
  readonly sender: TrafficSender
  readonly receiver: TrafficReceiver
  readonly guide: VisitorGuide
}

/** One peer of the demo: a member of its lobby, with traffic on all channels of the mesh. */
export class DemoPeer {
  readonly #number: number
  readonly #tell: (message: FromPeer) => void
  readonly #leaving = new AbortController()
  /** When each peer was first dialled. */
  readonly #dialledAt = new Map<number, number>()
  readonly #announced = new Set<number>()
  readonly #roundTrips = new Map<number, number>()
  #joined: JoinedLobby | null = null
  #reporter: Reporter | null = null
  #session: Session | null = null
  #sending: ReturnType<typeof setInterval> | undefined
  #left: Promise<void> | undefined

  /** @param number - of this peer in the demo; in the lobby it gets another id. */
  constructor(number: number, tell: (message: FromPeer) => void) {
    this.#number = number
    this.#tell = tell
  }

  /** Does what the parent says. */
  obey(message: Exclude<ToPeer, { type: 'leave' }>): void {
    if (this.#left !== undefined) return
    if (message.type === 'join') {
      this.#join(message).catch((error: unknown) => {
        if (this.#leaving.signal.aborted) return
        this.#tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
      })
      return
    }
    if (this.#session !== null) this.#obeyIn(this.#session, message)
  }

  /** Stops sending, lets what was sent arrive and closes everything. */
  leave(): Promise<void> {
    clearInterval(this.#sending)
    this.#session?.guide.stop()
    this.#left ??= this.#leave()
    this.#leaving.abort()
    return this.#left
  }

  async #leave(): Promise<void> {
    await this.#joined?.leave()
    await this.#reporter?.close()
  }

  async #join({ url, lobby, loopback, inspector }: Order<'join'>): Promise<void> {
    // Before it joins, so that it is connected when there is something to tell.
    if (inspector !== null) this.#reporter = reportTo(inspector, { name: `peer ${this.#number}` })
    const joined = await joinLobby(url, {
      lobby,
      // Whoever is first makes the lobby; that it may leave while the others stay is what the demo shows.
      create: { onHostLeave: 'keep' },
      channels: EXTRA_CHANNELS,
      connection: loopback ? LOOPBACK : {},
      signal: this.#leaving.signal,
    })
    this.#joined = joined
    this.#reporter?.watch(joined)
    const { peer: mesh, id } = joined
    const guide = new VisitorGuide(mesh, this.#number)
    this.#session = { mesh, guide, sender: new TrafficSender(mesh), receiver: new TrafficReceiver(id) }
    this.#tell({ type: 'joined', id })
    this.#listen(joined, this.#session)
  }

  #listen({ dials$, verdicts$ }: JoinedLobby, session: Session): void {
    const { mesh, guide } = session
    dials$.subscribe(({ peer }) => {
      if (!this.#dialledAt.has(peer)) this.#dialledAt.set(peer, performance.now())
    })
    verdicts$.subscribe(({ peer, reason }) => {
      this.#tell({ type: 'neverConnected', peer, reason })
    })
    mesh.peerConnected$.subscribe((peer) => {
      this.#announced.add(peer)
      guide.greet(peer)
      this.#tell({ type: 'peerConnected', peer, took: performance.now() - (this.#dialledAt.get(peer) ?? NaN) })
    })
    mesh.peerDisconnected$.subscribe((peer) => {
      this.#forget(peer)
      guide.remove(peer)
      this.#tell({ type: 'peerDisconnected', peer })
    })
    mesh.packets$.subscribe((packet) => {
      // What visitors say is for each other.
      if (!guide.has(packet.peer)) this.#receive(session, packet)
    })
  }

  #obeyIn(session: Session, message: Exclude<ToPeer, { type: 'join' | 'leave' }>): void {
    const { sender, receiver, guide } = session
    switch (message.type) {
      case 'visitor':
        guide.add(message.peer)
        break
      case 'send':
        this.#send(sender, message)
        break
      case 'report':
        this.#tell({ type: 'report', report: { at: performance.now(), connections: this.#connections(session) } })
        this.#ping(session)
        break
      case 'tally':
        this.#tell({ type: 'tally', tally: { sent: sender.tally(), received: receiver.tally() } })
        break
    }
  }

  #send(sender: TrafficSender, { rounds, every }: Order<'send'>): void {
    let left = rounds ?? Infinity
    clearInterval(this.#sending)
    this.#sending = setInterval(() => {
      sender.sendRound([...this.#announced])
      if (--left > 0) return
      clearInterval(this.#sending)
      this.#tell({ type: 'sent' })
    }, every)
  }

  #receive(session: Session, packet: Packet): void {
    const other = session.receiver.take(packet)
    if (other?.kind === 'pong') this.#roundTrips.set(packet.peer, performance.now() - other.time)
    else if (other?.kind === 'ping') this.#sendPing(session, packet.peer, 'pong', other.time)
  }

  /** Every report asks anew; the echo is in the next one. */
  #ping(session: Session): void {
    for (const peer of this.#announced) {
      if (!session.guide.has(peer)) this.#sendPing(session, peer, 'ping', performance.now())
    }
  }

  #sendPing({ mesh }: Session, to: number, kind: 'ping' | 'pong', time: number): void {
    try {
      mesh.send(encodePing({ kind, time }), { to, mode: TransferMode.RELIABLE })
    } catch (error) {
      // A peer that has begun to leave is still announced, but takes nothing.
      if (!(error instanceof MultiplayerError)) throw error
    }
  }

  #forget(peer: number): void {
    this.#announced.delete(peer)
    this.#dialledAt.delete(peer)
    this.#roundTrips.delete(peer)
  }

  #connections({ mesh }: Session): ConnectionReport[] {
    return mesh.stats().peers.map(({ peer, state, roundTripTime, channels }) => ({
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
