import { type ReactNode, useState } from 'react'
import type { WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
import { hueStyle } from './hue.ts'
import type { Person } from './scene.ts'
import { type Connection, useConnections } from './use-connections.ts'
import { MAX_NAME, type Profile } from './wire.ts'

interface ParticipantsProps {
  readonly mesh: WebRTCMultiplayerPeer | null
  readonly peers: readonly number[]
  readonly me: Profile
  readonly people: ReadonlyMap<number, Person>
  readonly onRename: (profile: Profile) => void
}

export function Participants({ mesh, peers, me, people, onRename }: ParticipantsProps): ReactNode {
  const connections = useConnections(mesh, peers)
  return (
    <section className="participants" aria-labelledby="participants-title">
      <h2 id="participants-title">Here</h2>
      <ul>
        <li style={hueStyle(me.hue)}>
          <OwnName me={me} onRename={onRename} />
          <span className="connection">you</span>
        </li>
        {connections.map((connection) => (
          <li key={connection.id} style={hueStyle(people.get(connection.id)?.hue ?? 0)}>
            <bdi className="name">{people.get(connection.id)?.name ?? `peer ${connection.id}`}</bdi>
            <span className="connection">{describe(connection)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function describe({ state, roundTripTime }: Connection): string {
  if (state !== 'connected') return state === 'draining' || state === 'closed' ? 'leaving' : 'connecting …'
  return roundTripTime === null ? 'connected' : `${Math.max(1, Math.round(roundTripTime))} ms`
}

interface OwnNameProps {
  readonly me: Profile
  readonly onRename: (profile: Profile) => void
}

/** The name, to be typed over; the others hear of it once the field is left. */
function OwnName({ me, onRename }: OwnNameProps): ReactNode {
  const [draft, setDraft] = useState(me.name)
  const rename = (): void => {
    const name = draft.trim() || me.name
    setDraft(name)
    if (name !== me.name) onRename({ ...me, name })
  }
  return (
    <input
      className="name"
      aria-label="Your name"
      value={draft}
      maxLength={MAX_NAME}
      autoComplete="off"
      enterKeyHint="done"
      onChange={(event) => {
        setDraft(event.target.value)
      }}
      onBlur={rename}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
      }}
    />
  )
}
