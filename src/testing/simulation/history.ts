import type { Clock } from '../../clock.ts'
import type { JoinedLobby } from '../../services/lobby/client/joined-lobby.ts'
import type { MultiplayerAPI } from '../../services/multiplayer-api/multiplayer-api.ts'
import type { WebRTCMultiplayerPeer } from '../../services/multiplayer-peer/multiplayer-peer.ts'
import type { TransferMode } from '../../services/multiplayer-peer/packet.ts'
import { ApiRecording } from './api-recording.ts'
import type { HistoryEntry, NewEntry } from './history-entry.ts'
import { LobbyRecording } from './lobby-recording.ts'
import { MeshRecording, type MeshRecordingOptions } from './mesh-recording.ts'
import { packetLabel } from './packet-label.ts'
import type { RecordingPort } from './recording.ts'

/** Options of {@link History}. */
export interface HistoryOptions {
  /** Whose time the entries carry: that of the network, `network.clock`. */
  clock: Pick<Clock, 'now'>
  /**
   * What tells a packet from others. Number your packets, so that each one is another: of packets that are the same the rules believe whatever order explains what arrived. Default: the bytes of
   * a short one, the length and a hash of a longer one.
   */
  label?: (data: Uint8Array) => string
}

/**
 * Everything that several meshes have sent, delivered and said, in order, with its times: to be checked with `checkHistory`, now or later.
 *
 * @example
 * ```ts
 * import { WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
 * import { checkHistory, connectPair, History, SimulatedNetwork } from 'webrtc-multiplayer/testing'
 *
 * const network = new SimulatedNetwork({ seed: 7, loss: 0.1 })
 * const { clock } = network
 * const history = new History({ clock })
 * const meshes = [1, 2].map((id) => {
 *   const mesh = new WebRTCMultiplayerPeer({ clock })
 *   mesh.createMesh(id)
 *   history.record(`host-${id}`, mesh)
 *   return mesh
 * })
 * const [a, b] = [1, 2].map((id) => new (network.host(`host-${id}`).PeerConnection)())
 * meshes[0]?.addPeer(a!, 2)
 * meshes[1]?.addPeer(b!, 1)
 * connectPair(a!, b!)
 * await clock.run(1_000)
 * meshes[0]?.send(Uint8Array.of(1))
 * await clock.run(10_000)
 * console.log(checkHistory(history)) // []
 * ```
 */
export class History {
  readonly #entries: HistoryEntry[] = []
  readonly #clock: Pick<Clock, 'now'>
  readonly #port: RecordingPort
  #connections = 0

  constructor({ clock, label = packetLabel }: HistoryOptions) {
    this.#clock = clock
    this.#port = {
      add: (entry) => {
        this.add(entry)
      },
      label,
      nextConnection: () => ++this.#connections,
    }
  }

  /** In the order in which they happened. */
  get entries(): readonly HistoryEntry[] {
    return this.#entries
  }

  /**
   * Records a mesh from now on, until its streams complete or the recording is stopped. To be called before it has peers.
   *
   * @param name - of the process that it is in; another one after that may have the same name.
   */
  record(name: string, mesh: WebRTCMultiplayerPeer, options: MeshRecordingOptions = {}): MeshRecording {
    return new MeshRecording(name, mesh, this.#port, options)
  }

  /**
   * Records a `MultiplayerAPI` from now on; its packets have to be sent with the recording's `sendBytes`. Give it `reportLostPeers: true`, or it does not tell of everyone.
   *
   * @param channels - transfer modes of the extra channels, as they were given to `createMesh`.
   */
  recordApi(name: string, api: MultiplayerAPI, channels: readonly TransferMode[] = []): ApiRecording {
    return new ApiRecording(name, api, this.#port, channels)
  }

  /** Records who is a member of a lobby, from now on. */
  recordLobby(name: string, lobby: JoinedLobby): LobbyRecording {
    return new LobbyRecording(name, lobby, this.#port)
  }

  /** Adds something that happens now: what only whoever makes the history knows of, and a `note` of the application. */
  add(entry: NewEntry): void {
    this.#entries.push({ at: this.#clock.now(), ...entry })
  }

  /** For `JSON.stringify`. */
  toJSON(): readonly HistoryEntry[] {
    return this.#entries
  }
}
