import { type ReactNode, useCallback, useState } from 'react'
import { useMesh } from 'webrtc-multiplayer/react'
import { Chat } from './chat.tsx'
import { Cursors } from './cursors.tsx'
import { enterLobby } from './enter-lobby.ts'
import { Participants } from './participants.tsx'
import { firstProfile, saveProfile } from './profile.ts'
import { send } from './send.ts'
import { StatusLine } from './status-line.tsx'
import { useScene } from './use-scene.ts'
import type { Profile } from './wire.ts'

export function App(): ReactNode {
  const [me, setMe] = useState(firstProfile)
  const [attempt, setAttempt] = useState(1)
  const [isCutOff, setCutOff] = useState(false)
  const { mesh, peers, error } = useMesh(
    async (signal) => {
      const joined = await enterLobby(signal)
      joined.state$.subscribe((state) => {
        if (!signal.aborted) setCutOff(state === 'reconnecting' || state === 'detached')
      })
      return joined.peer
    },
    [attempt],
  )
  const [scene, dispatch] = useScene(mesh, peers, me)

  const rename = (profile: Profile): void => {
    saveProfile(profile)
    setMe(profile)
  }
  const say = useCallback(
    (text: string) => {
      if (!mesh) return
      send(mesh, { is: 'chat', text })
      dispatch({ is: 'said', who: me, text })
    },
    [mesh, me, dispatch],
  )
  const rejoin = (): void => {
    setCutOff(false)
    setAttempt(attempt + 1)
  }

  return (
    <div className="app">
      <header>
        <h1>Cursors</h1>
        <StatusLine isIn={mesh !== null} isCutOff={isCutOff} others={peers.length} error={error} onRejoin={rejoin} />
      </header>
      <Cursors mesh={mesh} me={me} people={scene.people} />
      <aside>
        <Participants mesh={mesh} peers={peers} me={me} people={scene.people} onRename={rename} />
        <Chat lines={scene.lines} canSay={mesh !== null} onSay={say} />
      </aside>
    </div>
  )
}
