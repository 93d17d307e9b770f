import type { ReactNode } from 'react'
import { type MeshState, useMesh, usePackets } from '../../../src/react.ts'
import { joinRoom } from './stays.ts'

/** The states that were shown one after the other; of renders that React repeats with the same state only the first. */
export const shown: MeshState[] = []

/** Packets with the tag of the render whose function got them. */
export const arrivals: string[] = []

interface RoomProps {
  readonly room: string
  readonly tag: string
}

export function Room({ room, tag }: RoomProps): ReactNode {
  const state = useMesh(joinRoom(room), [room])
  if (state !== shown.at(-1)) shown.push(state)
  usePackets(state.mesh, ({ peer, data }) => {
    arrivals.push(`${tag}: ${new TextDecoder().decode(data)} from ${peer}`)
  })
  return <p>{state.error?.message ?? `${state.id} with ${state.peers.join(' ')}`}</p>
}
