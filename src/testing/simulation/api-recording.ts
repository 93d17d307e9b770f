import { ConnectionStatus } from '../../machines/mesh-types.ts'
import type { MultiplayerAPI } from '../../services/multiplayer-api/multiplayer-api.ts'
import { type SendOptions, type SendResult, TransferMode } from '../../services/multiplayer-peer/packet.ts'
import { Recording, type RecordingPort } from './recording.ts'

/** Records a `MultiplayerAPI`. What is sent is recorded if it is sent with {@link sendBytes} here. */
export class ApiRecording extends Recording {
  readonly #api: MultiplayerAPI
  readonly #channels: readonly TransferMode[]
  /** Its own: the id of the API's peer is 0 once that is closed. */
  #self = 0
  /** What it sends in one session has one number, whomever it is for: it goes through the server. */
  #session = 0

  constructor(name: string, api: MultiplayerAPI, port: RecordingPort, channels: readonly TransferMode[]) {
    super(name, 'api', port)
    this.#api = api
    this.#channels = channels
    this.#begin()
    this.watch(
      api.peerConnected$.subscribe({
        next: (peer) => {
          this.#begin()
          this.connected(peer)
        },
        complete: () => {
          this.stop()
        },
      }),
      api.peerDisconnected$.subscribe((peer) => {
        this.disconnected(peer)
      }),
      api.peerPacket$.subscribe((packet) => {
        this.delivered(packet)
      }),
      ...[api.serverDisconnected$, api.connectionFailed$].map((over$) =>
        over$.subscribe(() => {
          this.#end()
        }),
      ),
    )
  }

  /** `MultiplayerAPI.sendBytes`, recorded if it was accepted. Throws as that does. */
  sendBytes(data: Uint8Array, options: SendOptions = {}): SendResult {
    const result = this.#api.sendBytes(data, options)
    const { to = 0, mode = TransferMode.RELIABLE, channel = 0 } = options
    this.#begin()
    // An extra channel has a mode of its own, whatever was asked for.
    const actual = this.#channels[channel - 1] ?? mode
    if (result.sent > 0) this.sent({ peer: to, channel, mode: actual, data }, this.#session)
    return result
  }

  protected override get self(): number {
    return this.#self
  }

  /** Its number is new with each announcement. */
  protected override connectionTo(): number {
    return this.port.nextConnection()
  }

  /** The API has no stream of its status. */
  #begin(): void {
    const { connectionStatus, uniqueId, serverRelay, multiplayerPeer } = this.#api
    if (connectionStatus !== ConnectionStatus.CONNECTED || (this.#session !== 0 && this.#self === uniqueId)) return
    this.#self = uniqueId
    this.#session = this.port.nextConnection()
    const isStar = multiplayerPeer?.isServerRelaySupported() === true && !serverRelay
    this.status(connectionStatus, isStar ? 'star' : 'mesh', [])
  }

  #end(): void {
    this.#session = 0
    this.status(ConnectionStatus.DISCONNECTED, 'mesh', this.#api.getPeers())
  }
}
