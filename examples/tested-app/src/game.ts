import { type Clock, type MeshActorRef, WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
import { createActor } from 'xstate'
import { type GameActor, type GameInput, gameMachine } from './game-machine.ts'
import { decode, encode } from './messages.ts'

/** Starts the machine. @param clock - of a test; default: the real one. */
export function startGame(input: GameInput, clock?: Clock): GameActor {
  return createActor(gameMachine, { input, ...(clock && { clock }) }).start()
}

/** The mesh that a game has invoked; for `joinLobby(url, { peer: { actor } })` or `new WebRTCMultiplayerPeer({ actor })`. */
export function meshOf(game: GameActor): MeshActorRef {
  const { mesh } = game.getSnapshot().children
  if (mesh === undefined) throw new Error('The game is over and its mesh has ended.')
  return mesh
}

/** Lets a game hear and speak through its mesh, which has its id already. */
export function connectGame(game: GameActor, mesh: WebRTCMultiplayerPeer): void {
  game.on('say', ({ to, message }) => {
    mesh.send(encode(message), { to })
  })
  mesh.peerConnected$.subscribe((id) => {
    game.send({ type: 'peerCame', id })
  })
  mesh.peerDisconnected$.subscribe((id) => {
    game.send({ type: 'peerWent', id })
  })
  mesh.packets$.subscribe(({ peer, data }) => {
    const message = decode(data)
    if (message !== null) game.send({ ...message, from: peer })
  })
  game.send({ type: 'joined', self: mesh.uniqueId })
}
