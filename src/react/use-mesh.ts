import { type DependencyList, useEffect, useState, useSyncExternalStore } from 'react'
import { type MeshState, NO_MESH } from './mesh-state.ts'
import { type JoinMesh, MeshStore } from './mesh-store.ts'

const stateOnServer = (): MeshState => NO_MESH

/**
 * A mesh for as long as a component is shown. It calls `join` once the component is there, and keeps that mesh until the component is removed or `deps`
 * change: then the signal aborts and the mesh is closed for good, after what was sent was brought out. A mesh that `join` brings only after that is
 * closed at once and never shown.
 *
 * The hook owns the mesh, so `join` makes a new one in each call; under `StrictMode` React has it called twice in development. On a server it does nothing.
 *
 * @example
 * ```ts
 * import { createElement, type ReactElement } from 'react'
 * import { joinLobby } from 'webrtc-multiplayer/lobby'
 * import { useMesh } from 'webrtc-multiplayer/react'
 *
 * // The signal leaves the lobby; signaling of your own does so too.
 * const enterRoom = async (lobby: string, signal: AbortSignal) =>
 *   (await joinLobby('wss://lobby.example', { lobby, create: true, signal })).peer
 *
 * export function Room({ name }: { name: string }): ReactElement {
 *   const { mesh, id, peers, error } = useMesh((signal) => enterRoom(name, signal), [name])
 *   if (error) return createElement('p', null, error.message)
 *   if (!mesh) return createElement('p', null, 'joining')
 *   return createElement('p', null, `I am ${id}, with ${peers.join(', ') || 'nobody'}`)
 * }
 * ```
 *
 * @param join - makes the mesh. What it throws, or rejects with, is shown as `error`, except after the signal has aborted; closing what it had made by then
 * is up to it.
 * @param deps - join anew when one of these changes, as with `useEffect`; default never.
 * @returns the mesh and what is known of it, the same object until something changes.
 */
export function useMesh(join: JoinMesh, deps: DependencyList = []): MeshState {
  const [store] = useState(() => new MeshStore())
  const state = useSyncExternalStore(store.subscribe, store.getState, stateOnServer)
  useEffect(() => store.join(join), deps)
  return state
}
