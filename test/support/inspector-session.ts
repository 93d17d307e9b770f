import { Inspection } from '../../src/services/inspector/inspection.ts'
import type { InspectorMessage } from '../../src/services/inspector/wire/messages.ts'
import type { JoinedLobby } from '../../src/services/lobby/client/joined-lobby.ts'
import { WebRTCMultiplayerPeer } from '../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { TransferMode } from '../../src/services/multiplayer-peer/packet.ts'
import { connectPair } from '../../src/testing/index.ts'
import { LobbyWorld } from '../services/lobby/client/support/lobby-world.ts'

export const LOBBY = 'QUIET-OTTER'
/** When the session begins: 21 November 2026, 10:00. */
const EPOCH = Date.UTC(2026, 10, 21, 10)
/** Milliseconds between two packets of each peer to each other. */
const TICK = 100
const KILLED_AT = 25_000
const ENDS_AT = 45_000

/**
 * What an inspector is told of a lobby of six, from its beginning on, as real actors on the simulated network tell it. Each peer but one reports, from a process of its own:
 *
 * - 1, the host, and 2 to 5 join one after the other. Between 2 and 3 there is no way, so both give each other up after some attempts: two verdicts.
 * - 4 does not report; the others tell of it.
 * - 6 comes after 5 s, as one of Godot 3's clients, and does not get through to 1. So it admits nobody: its other links stay open and gated.
 * - The process of 5 is killed after 25 s. The others see it some seconds later.
 * - After 45 s it ends.
 */
export async function inspectorSession(): Promise<InspectorMessage[]> {
  let lastId = 0
  const core = { generateId: () => ++lastId }
  const world = await LobbyWorld.start({ network: { latency: 18, seed: 'inspector' }, seed: 6, core })
  const { clock, network } = world
  const told: InspectorMessage[] = []
  const report = (id: number, watched: Parameters<Inspection['watch']>[0]): Inspection => {
    const inspection = new Inspection({ name: `player ${id}`, group: LOBBY, clock })
    inspection.watch(watched)
    inspection.start((message) => told.push(named(message, id)))
    return inspection
  }

  network.partition(['host-1'], ['host-6'])
  network.partition(['host-2'], ['host-3'])
  const lobbies = new Map<number, JoinedLobby>()
  const inspections = new Map<number, Inspection>()
  for (const id of [1, 2, 3, 4, 5]) {
    const lobby = await world.join(`host-${id}`, {
      lobby: LOBBY,
      create: true,
      attempts: 2,
      reconnects: 0,
      times: { ice: 5_000 },
      channels: [TransferMode.UNRELIABLE_ORDERED],
    })
    lobbies.set(id, lobby)
    if (id !== 4) inspections.set(id, report(id, lobby))
    await world.run(900)
  }
  const gated = new WebRTCMultiplayerPeer({ clock })
  gated.initialize(6, true, [TransferMode.UNRELIABLE_ORDERED])
  inspections.set(6, report(6, gated))
  for (const [id, { peer }] of lobbies) addTo(peer, id, gated, world)

  const living = new Map([...lobbies].map(([id, { peer }]) => [id, peer])).set(6, gated)
  for (let tick = 0; clock.now() < ENDS_AT; tick++) {
    if (living.has(5) && clock.now() >= KILLED_AT) {
      living.delete(5)
      // The socket to the inspector is lost with all others.
      inspections.get(5)?.close()
      network.kill('host-5')
      world.sockets.cut('host-5')
    }
    for (const [id, peer] of living) sendToAll(peer, id, tick)
    await world.run(TICK)
  }
  for (const inspection of inspections.values()) inspection.close()
  gated[Symbol.dispose]()
  for (const { peer } of lobbies.values()) peer[Symbol.dispose]()
  return told
}

function addTo(
  peer: WebRTCMultiplayerPeer,
  id: number,
  newcomer: WebRTCMultiplayerPeer,
  { network }: LobbyWorld,
): void {
  const [there, here] = [
    new (network.host(`host-${id}`).PeerConnection)(),
    new (network.host('host-6').PeerConnection)(),
  ]
  peer.addPeer(there, 6)
  newcomer.addPeer(here, id)
  connectPair(there, here)
}

/** Not to everyone alike, so that links can be told apart. */
function sendToAll(peer: WebRTCMultiplayerPeer, id: number, tick: number): void {
  for (const [other, { connected }] of peer.getPeers()) {
    if (!connected || (id + other + tick) % 3 === 0) continue
    peer.send(new Uint8Array(20 * id * other), { to: other, mode: TransferMode.UNRELIABLE })
  }
}

/** Sources have random names, and the process that this runs in is no player: so that each session is the same as the other. */
function named(message: InspectorMessage, id: number): InspectorMessage {
  const process = `process ${4_000 + 7 * id}`
  const text = JSON.stringify(message).replaceAll(message.source, process.replace(' ', '-'))
  const copy = JSON.parse(text) as InspectorMessage
  const time = EPOCH + message.time
  return {
    ...copy,
    ...('createdAt' in copy && { createdAt: String(Math.trunc(time)) }),
    ...(copy.type === 'webrtc.source' && { detail: process }),
    time,
  }
}
