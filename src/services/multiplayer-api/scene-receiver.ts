import { TARGET_PEER_SERVER } from '../../machines/mesh-types.ts'
import { COMMANDS, COMMAND_MASK } from '../../protocol/scene-packets/commands.ts'
import type { ScenePacket } from '../../protocol/scene-packets/packet.ts'
import { decodeScenePacket } from '../../protocol/scene-packets/scene-packets.ts'
import type { Packet } from '../multiplayer-peer/packet.ts'
import type { ApiSignals } from './api-signals.ts'
import { EarlyPackets } from './early-packets.ts'
import type { Membership } from './membership.ts'
import type { Settings } from './options.ts'
import { isRelay, isSystem, relayed, relayPeer, withSource } from './relay-packet.ts'
import { relayRoute } from './relay.ts'
import type { RpcReceiver } from './rpc-port.ts'
import { type ReceiverCounters, newCounters } from './stats.ts'

/**
 * Takes every packet of the peer: what is for the API itself is done here, what is relayed goes on, the rest goes to the application or to the RPC layer. Whatever is wrong with a packet, it
 * is dropped and counted, never an error.
 */
export class SceneReceiver {
  readonly counters: ReceiverCounters = newCounters()

  readonly #members: Membership
  readonly #signals: ApiSignals
  readonly #settings: Settings
  readonly #early: EarlyPackets
  readonly #rpc: RpcReceiver

  constructor(members: Membership, signals: ApiSignals, settings: Settings, rpc: RpcReceiver) {
    this.#members = members
    this.#rpc = rpc
    this.#signals = signals
    this.#settings = settings
    const { clock, limits } = settings
    this.#early = new EarlyPackets(
      limits.earlyBytes,
      () => clock.now(),
      () => members.violations.count(null, 'unknown-source'),
    )
  }

  receive(packet: Packet): void {
    const { peer: from, data } = packet
    const { admitted, authentications } = this.#members
    if (authentications.has(from)) this.#authenticate(from, packet)
    // Of a peer that was disconnected a moment ago.
    else if (!admitted.has(from)) this.counters.strangerPackets++
    else if (this.#settings.version !== '3' && isSystem(data)) this.#takeSystem(from, packet)
    else this.#dispatch(from, data, packet)
  }

  clear(): void {
    this.#early.clear()
  }

  /** From a peer that authenticates nothing else is taken. */
  #authenticate(from: number, packet: Packet): void {
    const { authentications } = this.#members
    const { data } = packet
    if (!isSystem(data) || isRelay(data)) {
      if (!authentications.hold(packet)) this.#members.violation(from, 'unauthenticated')
      return
    }
    const system = this.#decode(from, data)
    if (system?.kind === 'auth') {
      for (const early of authentications.receive(from, system.bytes)) this.receive(early)
    } else if (system !== undefined) {
      this.#members.violation(from, 'unauthenticated')
    }
  }

  #takeSystem(from: number, packet: Packet): void {
    if (isRelay(packet.data)) {
      this.#takeRelayed(from, packet)
      return
    }
    const system = this.#decode(from, packet.data)
    if (system === undefined) return
    const { authentications, peer, relays } = this.#members
    if (system.kind === 'auth') {
      // The other side completes after this one has admitted it, or needs no authentication that this one has.
      if (system.bytes.byteLength > 0) this.#refuseAuth(from, authentications.isOn)
    } else if (!relays || from !== TARGET_PEER_SERVER || peer?.isServer === true) {
      this.#refuse(from, false)
    } else if (system.kind === 'add-peer') {
      this.#announce(system.peer)
    } else if (system.kind === 'del-peer') {
      this.#withdraw(system.peer)
    }
  }

  #refuseAuth(from: number, isOn: boolean): void {
    this.#members.violation(from, 'unexpected-auth')
    if (isOn) return
    this.counters.unansweredAuth++
    if (this.counters.unansweredAuth > 1) return
    this.#settings.logger.warn(
      `peer ${from} authenticates, but here is no authentication; give authenticate or authCallback on both sides`,
    )
  }

  #announce(id: number): void {
    const refusal = this.#members.announced(id)
    if (refusal !== undefined) {
      this.#members.violation(TARGET_PEER_SERVER, refusal)
      return
    }
    for (const { inner, packet } of this.#early.take(id)) {
      if (this.#members.admitted.has(id)) this.#dispatch(id, inner, packet)
    }
  }

  #withdraw(id: number): void {
    // Only of those that were here, so that a server cannot fill a memory with others.
    if (this.#members.admitted.has(id)) this.#early.left(id)
    if (!this.#members.withdrawn(id)) this.#members.violation(TARGET_PEER_SERVER, 'invalid-peer')
  }

  #takeRelayed(from: number, packet: Packet): void {
    const members = this.#members
    const { peer, relays } = members
    const inner = relayed(packet.data)
    if (!relays || peer === null) {
      this.#refuse(from, true)
    } else if (peer.isServer) {
      // Godot lets it through to the receiver, which refuses it.
      if (isSystem(inner)) members.violation(from, 'nested-system')
      else this.#forward(from, inner, packet)
    } else if (from === TARGET_PEER_SERVER) {
      this.#takeFromServer(relayPeer(packet.data), inner, packet)
    } else {
      this.#refuse(from, true)
    }
  }

  #refuse(from: number, isRelayed: boolean): void {
    const { peer, serverRelay } = this.#members
    const isOfRelay = peer?.isServer === true ? isRelayed : from === TARGET_PEER_SERVER
    // Whoever was not told that nothing is relayed here is not to blame.
    const isUntold = !serverRelay && peer?.isServerRelaySupported() === true && isOfRelay
    this.#members.violation(from, isUntold ? 'no-relay' : 'unexpected-system')
  }

  #forward(from: number, inner: Uint8Array, packet: Packet): void {
    const members = this.#members
    const target = relayPeer(packet.data)
    const { receivers, processes } = relayRoute(target, from, members.admitted)
    // Who really sent it, whatever the packet says.
    const forwarded = withSource(packet.data, from)
    const { mode, channel } = packet
    let count = 0
    for (const to of receivers) {
      count++
      try {
        members.peer?.send(forwarded, { to, mode, channel })
        this.counters.relayedPackets++
      } catch {
        // Not a reason to disconnect the receiver: anyone could get rid of a slow one so.
        members.violation(from, 'relay-failed')
      }
    }
    if (count === 0 && target > 0) members.violation(from, 'unknown-target')
    // Forwarding may have ended the sender at its limit.
    if (processes && members.admitted.has(from)) this.#dispatch(from, inner, packet)
  }

  #takeFromServer(source: number, inner: Uint8Array, packet: Packet): void {
    const { admitted, peer } = this.#members
    // Of a Godot server; whoever has sent it through that is to blame.
    if (isSystem(inner)) this.#members.violation(source, 'nested-system')
    else if (admitted.has(source)) this.#dispatch(source, inner, packet)
    else if (source === peer?.uniqueId) this.#takeOwn(source, inner, packet)
    else if (source > 0) this.#early.hold(source, inner, packet)
    else this.#members.violation(TARGET_PEER_SERVER, 'malformed')
  }

  /** What this peer has sent to itself, through the server. Only bytes: it has no place among the peers that remote calls know. */
  #takeOwn(source: number, inner: Uint8Array, packet: Packet): void {
    if (((inner[0] ?? 0) & COMMAND_MASK) === COMMANDS.RAW) this.#dispatch(source, inner, packet)
    else this.#members.violation(TARGET_PEER_SERVER, 'unknown-source')
  }

  /** A packet of the game. */
  #dispatch(source: number, bytes: Uint8Array, packet: Packet): void {
    const { subjects } = this.#signals
    const { channel, mode } = packet
    const scene = this.#decode(source, bytes)
    if (scene === undefined) return
    switch (scene.kind) {
      case 'raw':
        subjects.peerPacket.next({ peer: source, channel, mode, data: scene.bytes })
        return
      case 'spawn':
      case 'despawn':
      case 'sync':
      case 'delta':
        this.counters.replication[scene.kind]++
        subjects.replication.next({ peer: source, kind: scene.kind, data: scene.bytes, channel, mode })
        return
      default:
        this.#handToRpc(source, scene)
    }
  }

  #handToRpc(source: number, scene: ScenePacket): void {
    try {
      this.#rpc.receive(source, scene)
    } catch (error) {
      this.#settings.logger.error(`a remote call of peer ${source} failed`, error)
    }
  }

  /** @returns undefined for what cannot be read, after it was counted. */
  #decode(from: number, bytes: Uint8Array): ScenePacket | undefined {
    try {
      return decodeScenePacket(bytes, this.#settings.version)
    } catch {
      this.#members.violation(from, 'malformed')
      return undefined
    }
  }
}
