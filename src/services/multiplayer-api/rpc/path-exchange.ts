import type { NodeTarget } from '../../../protocol/scene-packets/packet.ts'
import type { GodotVersion } from '../../../protocol/variant/godot-version.ts'
import { TransferMode } from '../../multiplayer-peer/packet.ts'
import type { LocalNode } from './local-node.ts'
import type { WaitingPath } from './received-paths.ts'
import type { RpcViolation } from './rpc-violation.ts'
import type { PacketOf, RpcWorld } from './rpc-world.ts'

/** Announcements and their confirmations always travel like this, as in Godot. */
const CONTROL = { mode: TransferMode.RELIABLE, channel: 0 } as const

/** Versions that confirm a path by its text; the others do by its id. */
const CONFIRM_BY_PATH: ReadonlySet<GodotVersion> = new Set<GodotVersion>(['3', '4.0'])

/** Godot's cache of paths: peers tell each other numbers for their nodes, so that calls need not carry paths. */
export class PathExchange {
  readonly #world: RpcWorld

  constructor(world: RpcWorld) {
    this.#world = world
  }

  /**
   * Announces a node to a peer if that is due.
   *
   * @returns whether the peer knows the node by its id.
   * @throws MultiplayerError whatever sending throws.
   */
  announce(node: LocalNode, peer: number): boolean {
    const { port, nodes, records, settings } = this.#world
    const id = nodes.idOf(node)
    const { sent } = records.of(peer)
    const now = settings.clock.now()
    if (sent.isDue(id, now)) {
      const md5 = port.version === '3' ? {} : { md5: node.methods.md5 }
      port.send({ kind: 'simplify-path', id, path: node.path, ...md5 }, { to: peer, ...CONTROL })
      sent.announced(id, now)
    }
    return sent.isConfirmed(id)
  }

  /** A peer announces one of its nodes. */
  hearAnnouncement(from: number, { id, path: sentPath, md5 }: PacketOf<'simplify-path'>): void {
    const { paths, port, records, counters } = this.#world
    const path = paths.fromWire(sentPath)
    if (path === undefined) {
      this.#violation(from, 'bad-path')
      return
    }
    const { received } = records.of(from)
    const known = received.path(id)
    if (known !== undefined && known !== path) {
      this.#violation(from, 'path-conflict')
      return
    }
    const announcement = { id, path, sentPath, md5 }
    const node = this.#nodeAt(path, from)
    // The application, asked for the node, may have disconnected the peer.
    if (!port.peers.has(from)) return
    if (node === undefined) {
      counters.unknownNodes++
      received.wait(announcement)
    } else {
      this.#accept(from, node, announcement)
    }
  }

  /** A peer knows one of the nodes here from now on. */
  hearConfirmation(from: number, { node: target, valid }: PacketOf<'confirm-path'>): void {
    const { nodes, records } = this.#world
    const node = 'id' in target ? nodes.byId(target.id) : this.#ownNode(target.path)
    // It may have been removed since.
    if (node === undefined || node.id === 0) return
    const { sent } = records.of(from)
    if (sent.isConfirmed(node.id)) return
    if (!sent.confirm(node.id)) this.#violation(from, 'unrequested-confirmation')
    else if (!valid) this.#warnOfMismatch(from, node)
  }

  /** The node that a call is for, or why there is none. */
  find(from: number, target: NodeTarget): LocalNode | RpcViolation | 'unknown-node' {
    const { nodes, paths, records } = this.#world
    if ('path' in target) {
      // Almost always it is in its simplest form already.
      const node = nodes.byPath(target.path)
      if (node !== undefined) return node
      const path = paths.fromWire(target.path)
      return path === undefined ? 'bad-path' : (this.#nodeAt(path, from) ?? 'unknown-node')
    }
    const path = records.of(from).received.path(target.id)
    return path === undefined ? 'unknown-path-id' : (this.#nodeAt(path, from) ?? 'unknown-node')
  }

  /** Confirms a new node to those who have announced it before it was there. */
  nodeAdded(node: LocalNode): void {
    for (const [peer, { received }] of this.#world.records.all) {
      for (const announcement of received.takeWaiting(node.path)) this.#accept(peer, node, announcement)
    }
  }

  nodeRemoved(node: LocalNode): void {
    for (const [, { sent, mismatched }] of this.#world.records.all) {
      sent.forget(node.id)
      mismatched.delete(node.path)
    }
  }

  #accept(from: number, node: LocalNode, { id, sentPath, md5 }: WaitingPath): void {
    const { port, records, settings, counters } = this.#world
    const { received, told } = records.of(from)
    const isNew = received.path(id) === undefined
    if (!received.set(id, node.path)) {
      counters.refusedPaths++
      return
    }
    const valid = port.version === '3' || md5 === node.methods.md5
    if (!valid && isNew) this.#warnOfMismatch(from, node)
    const target = CONFIRM_BY_PATH.has(port.version) ? { path: sentPath } : { id }
    try {
      port.send({ kind: 'confirm-path', valid, node: target }, { to: from, ...CONTROL })
    } catch (error) {
      // It goes on with whole paths, and announces the node again if it is one of ours.
      if (!told.has('unconfirmed')) {
        settings.logger.warn(
          `The path of ${node.wholePath} could not be confirmed to peer ${from}; more of them are not logged.`,
          error,
        )
      }
      told.add('unconfirmed')
    }
  }

  #ownNode(path: string): LocalNode | undefined {
    const { nodes, paths } = this.#world
    return nodes.byPath(paths.fromWire(path) ?? '')
  }

  /** The node of this path, which the application may declare when it is asked for it. */
  #nodeAt(path: string, from: number): LocalNode | undefined {
    const { nodes, paths, records, settings } = this.#world
    const node = nodes.byPath(path)
    if (node !== undefined || settings.unknownNode === undefined) return node
    try {
      settings.unknownNode(paths.whole(path), from)
    } catch (error) {
      const { told } = records.of(from)
      if (!told.has('unknown-node')) {
        settings.logger.error(
          `unknownNode has failed for ${paths.whole(path)}, which peer ${from} has named; more of them are not logged.`,
          error,
        )
      }
      told.add('unknown-node')
    }
    return nodes.byPath(path)
  }

  #warnOfMismatch(peer: number, node: LocalNode): void {
    const { records, settings, counters } = this.#world
    const { mismatched } = records.of(peer)
    if (mismatched.has(node.path)) return
    mismatched.add(node.path)
    counters.checksumMismatches++
    settings.logger.warn(
      `Peer ${peer} has methods of other names for ${node.wholePath}, so calls may reach the wrong ones. Declare every method that has @rpc there.`,
    )
  }

  #violation(peer: number, kind: RpcViolation): void {
    this.#world.port.violation(peer, kind)
  }
}
