import { MultiplayerError } from '../../../../src/multiplayer-error.ts'
import { decodeScenePacket } from '../../../../src/protocol/scene-packets/scene-packets.ts'
import { MultiplayerAPI } from '../../../../src/services/multiplayer-api/multiplayer-api.ts'
import type { MultiplayerAPIOptions } from '../../../../src/services/multiplayer-api/options.ts'
import { WebRTCMultiplayerPeer } from '../../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { type SendOptions, TransferMode } from '../../../../src/services/multiplayer-peer/packet.ts'
import { channelIndex } from '../../../../src/services/multiplayer-peer/channel-layout.ts'
import { encodeVariant } from '../../../../src/variant.ts'
import { fromHex, toHex } from '../../../protocol/variant/vectors.ts'
import { addPartner, type Partner, simulatedWorld } from '../../../support/mesh-world.ts'
import { callAsRecorded, declareEcho, type EchoNode } from './echo-node.ts'
import type { RecordedPacket, Row } from './recording.ts'

/** What an application does in a step, which the recording does not hold. */
export type Action = (replay: Replay) => unknown

/** As recorded: channel 1 is reliable, channel 2 unreliable and ordered (stream 5). */
const CHANNELS = [TransferMode.RELIABLE, TransferMode.UNRELIABLE_ORDERED]

const MODES = {
  reliable: TransferMode.RELIABLE,
  unreliable: TransferMode.UNRELIABLE,
  unreliable_ordered: TransferMode.UNRELIABLE_ORDERED,
}

/** Longer than a packet takes on the simulated network, 5 ms; the three authentications together take less than their timeout. */
const ROW = 20

/** One of the recorded peers is ours, the others are bare connections that send what was recorded. */
export class Replay {
  readonly api: MultiplayerAPI
  readonly mesh: WebRTCMultiplayerPeer
  /** What ours has sent and said, in order. */
  readonly log: string[] = []
  readonly echo: EchoNode
  /** How often it called something on another peer. */
  calls = 0
  readonly id: number
  readonly #world = simulatedWorld()
  readonly #partners = new Map<number, Partner>()
  /** What has really arrived at the others. */
  readonly #wire = new Map<number, string[]>()

  constructor(id: number, options: MultiplayerAPIOptions = {}) {
    this.id = id
    const { clock } = this.#world.network
    this.mesh = new WebRTCMultiplayerPeer({ clock })
    if (id === 1) this.mesh.createServer(CHANNELS)
    else this.mesh.createClient(id, CHANNELS)
    this.#watchSending()
    this.api = new MultiplayerAPI(this.mesh, {
      clock,
      ...options,
      ...(options.authCallback && {
        authCallback: (peer, data) => this.log.push(`auth_data ${peer} ${toHex(data)}`),
      }),
    })
    this.echo = declareEcho(this.api, (method, args, from) =>
      this.log.push(`rpc ${method} ${from} ${toHex(encodeVariant([...args]))}`),
    )
    this.#watchSignals()
  }

  get clock() {
    return this.#world.network.clock
  }

  /** Connects another peer of the recording. */
  async connect(id: number): Promise<void> {
    const partner = addPartner(this.#world, this.mesh, id, CHANNELS)
    const wire: string[] = []
    this.#partners.set(id, partner)
    this.#wire.set(id, wire)
    partner.channels.forEach((channel, index) =>
      channel.setReceiver((data) => wire.push(`${CHANNEL_NAMES[index] ?? index} ${toHex(data)}`)),
    )
    await partner.open()
    await this.clock.run(ROW)
  }

  /** The other side's connection closes. */
  disconnect(id: number): void {
    this.#partners.get(id)?.connection.close()
  }

  async play(rows: readonly Row[], actions: Readonly<Record<string, Action>>): Promise<void> {
    const who = this.id === 1 ? 'server1' : `client${this.id}`
    const done = new Set<string>()
    let expected = 0
    for (const row of rows) {
      if (row.who !== who) continue
      if (!done.has(row.step)) {
        done.add(row.step)
        await actions[row.step]?.(this)
        if (this.id === 2 && callAsRecorded(this.echo, row.step)) this.calls++
      }
      if (row.packet?.dir === 'in') this.#deliver(row.packet)
      else if (isOurs(row)) {
        // What an application authenticates with, and when, is told by the recording alone.
        if (row.packet !== undefined && this.log.length === expected) this.#authenticate(row.packet)
        expected++
      }
      await this.clock.run(ROW)
    }
    await this.clock.run(1_000)
  }

  /** What has arrived at another peer, by channel. */
  wireOf(id: number): readonly string[] {
    return this.#wire.get(id) ?? []
  }

  note(text: string): void {
    this.log.push(text)
  }

  #deliver({ other, mode, channel, hex }: RecordedPacket): void {
    const index = channelIndex(MODES[mode], channel, CHANNELS.length)
    this.#partners.get(other)?.channels[index]?.send(fromHex(hex))
  }

  #authenticate({ other, hex }: RecordedPacket): void {
    const packet = decodeScenePacket(fromHex(hex))
    if (packet.kind !== 'auth') return
    if (packet.bytes.length === 0) this.api.completeAuth(other)
    else this.api.sendAuth(other, packet.bytes)
  }

  #watchSending(): void {
    const { mesh } = this
    const send = mesh.send.bind(mesh)
    mesh.send = (data: Uint8Array, options?: SendOptions) => {
      const result = send(data, options)
      const { to = 0, mode = TransferMode.RELIABLE, channel = 0 } = options ?? {}
      this.log.push(`to ${to} ${TransferMode[mode].toLowerCase()} ${channel} ${toHex(data)}`)
      return result
    }
  }

  #watchSignals(): void {
    const note = (name: string) => (id: unknown) => this.log.push(typeof id === 'number' ? `${name} ${id}` : name)
    const { api } = this
    api.peerConnected$.subscribe(note('mp_peer_connected'))
    api.peerDisconnected$.subscribe(note('mp_peer_disconnected'))
    api.connectedToServer$.subscribe(note('mp_connected_to_server'))
    api.connectionFailed$.subscribe(note('mp_connection_failed'))
    api.serverDisconnected$.subscribe(note('mp_server_disconnected'))
    api.peerAuthenticating$.subscribe(note('mp_peer_authenticating'))
    api.peerAuthenticationFailed$.subscribe(note('mp_peer_authentication_failed'))
    api.peerPacket$.subscribe(({ peer, data }) => this.log.push(`mp_peer_packet ${peer} ${toHex(data)}`))
  }
}

const CHANNEL_NAMES = ['reliable 0', 'unreliable_ordered 0', 'unreliable 0', 'reliable 1', 'unreliable_ordered 2']

/** Godot's form of a call with an empty PackedByteArray is a call without arguments, which Godot itself refuses then. Ours differs on purpose. */
export const EMPTY_BYTES = { godot: '800105', ours: '000105011d00000000000000' }

/** What the recording says that ours must do: everything but what came in, and answers to questions. */
export function expectedLog(rows: readonly Row[], who: string): string[] {
  return rows
    .filter((row) => row.who === who && isOurs(row))
    .map(({ event, packet }) => {
      if (packet) return `to ${packet.other} ${packet.mode} ${packet.channel} ${oursFor(packet.hex)}`
      const { ev, id, hex, ret, method, from, args_hex } = event ?? {}
      const parts = ev === 'rpc' ? [ev, method, from, args_hex] : [ev ?? 'ret', id ?? ret, hex]
      return parts.filter((part) => part !== undefined).join(' ')
    })
}

/** What the recording says that one peer sends another. */
export function expectedWire(rows: readonly Row[], who: string, to: number): string[] {
  return rows.flatMap(({ who: sender, packet }) =>
    sender === who && packet?.dir === 'out' && packet.other === to
      ? [`${packet.mode} ${packet.channel} ${oursFor(packet.hex)}`]
      : [],
  )
}

/** What `action` throws, as the recording writes it. */
export function returned(action: () => unknown): string {
  try {
    action()
    return 'ret 0'
  } catch (error) {
    return `ret ${error instanceof MultiplayerError ? error.godotError : String(error)}`
  }
}

/** The state that the recorder has asked for. */
export function stateOf({ api }: Replay): object {
  return { unique_id: api.uniqueId, peers: api.getPeers(), is_server: api.isServer() }
}

function isOurs({ event, packet }: Row): boolean {
  return packet ? packet.dir === 'out' : event?.unique_id === undefined
}

function oursFor(hex: string): string {
  return hex === EMPTY_BYTES.godot ? EMPTY_BYTES.ours : hex
}
