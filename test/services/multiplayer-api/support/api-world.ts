import { MultiplayerError } from '../../../../src/multiplayer-error.ts'
import { MultiplayerAPI } from '../../../../src/services/multiplayer-api/multiplayer-api.ts'
import type { MultiplayerAPIOptions } from '../../../../src/services/multiplayer-api/options.ts'
import { WebRTCMultiplayerPeer } from '../../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { TransferMode } from '../../../../src/services/multiplayer-peer/packet.ts'
import { connectPair, SimulatedNetwork } from '../../../../src/testing/index.ts'
import { toHex } from '../../../protocol/variant/vectors.ts'

export const bytes = (...values: number[]) => Uint8Array.from(values)

/** The code of the error that `action` throws, or what it returns. */
export function codeOf(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return error instanceof MultiplayerError ? error.code : String(error)
  }
}

/** Everything that an API says, in order; packets with their source. */
export function heardBy(api: MultiplayerAPI): string[] {
  const heard: string[] = []
  const note = (name: string) => (value: unknown) => heard.push(typeof value === 'number' ? `${name} ${value}` : name)
  api.peerConnected$.subscribe(note('connected'))
  api.peerDisconnected$.subscribe(note('disconnected'))
  api.connectedToServer$.subscribe(note('connectedToServer'))
  api.connectionFailed$.subscribe(note('connectionFailed'))
  api.serverDisconnected$.subscribe(note('serverDisconnected'))
  api.peerAuthenticating$.subscribe(note('authenticating'))
  api.authenticationFailures$.subscribe(({ peer, reason }) => heard.push(`failure ${peer} ${reason}`))
  api.peerAuthenticationFailed$.subscribe(note('authenticationFailed'))
  api.peerPacket$.subscribe(({ peer, data }) => heard.push(`packet ${peer} ${toHex(data)}`))
  return heard
}

/** One peer of a world. */
export interface Member {
  readonly mesh: WebRTCMultiplayerPeer
  readonly api: MultiplayerAPI
  readonly heard: string[]
}

/** A server, 1, and clients of it; or a mesh. All on one simulated network. */
export class ApiWorld {
  readonly network = new SimulatedNetwork({ latency: 5 })
  readonly members = new Map<number, Member>()
  readonly #options: MultiplayerAPIOptions
  readonly #channels: readonly TransferMode[]

  constructor(options: MultiplayerAPIOptions = {}, channels: readonly TransferMode[] = []) {
    this.#options = { clock: this.network.clock, ...options }
    this.#channels = channels
  }

  /** Makes a peer, not connected to anybody. */
  add(id: number, options: MultiplayerAPIOptions = {}, mode: 'star' | 'mesh' = 'star'): Member {
    const mesh = new WebRTCMultiplayerPeer({ clock: this.network.clock })
    if (mode === 'mesh') mesh.createMesh(id, this.#channels)
    else if (id === 1) mesh.createServer(this.#channels)
    else mesh.createClient(id, this.#channels)
    const api = new MultiplayerAPI(mesh, { ...this.#options, ...options })
    const member = { mesh, api, heard: heardBy(api) }
    this.members.set(id, member)
    return member
  }

  member(id: number): Member {
    const member = this.members.get(id)
    if (member === undefined) throw new Error(`there is no member ${id}`)
    return member
  }

  api(id: number): MultiplayerAPI {
    return this.member(id).api
  }

  /** What one has heard since it was last asked. */
  heard(id: number): string[] {
    return this.member(id).heard.splice(0)
  }

  /** Lets `b` connect to `a`. */
  join(a: number, b: number): void {
    const left = new (this.network.host(`host-${a}`).PeerConnection)()
    const right = new (this.network.host(`host-${b}`).PeerConnection)()
    this.member(a).mesh.addPeer(left, b)
    this.member(b).mesh.addPeer(right, a)
    connectPair(left, right)
  }

  /** Makes a server and these clients, all connected; forgets what they have heard of that. */
  async star(...clients: number[]): Promise<this> {
    this.add(1)
    for (const id of clients) {
      this.add(id)
      this.join(1, id)
      await this.run(500)
    }
    for (const id of this.members.keys()) this.heard(id)
    return this
  }

  async run(milliseconds = 100): Promise<void> {
    await this.network.clock.run(milliseconds)
  }

  /** Closes everything. @returns timers that are left. */
  async end(): Promise<number> {
    for (const { api, mesh } of this.members.values()) {
      api[Symbol.dispose]()
      mesh[Symbol.dispose]()
    }
    await this.run(5_000)
    return this.network.clock.pending
  }
}
