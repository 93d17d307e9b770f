import type { ReactNode } from 'react'

/** What to do when nobody reports. */
export function EmptyPage({ onOpen }: { readonly onOpen: () => void }): ReactNode {
  const report = `ws://${location.host}/report`
  return (
    <div className="empty-page">
      <h2>Nothing reports yet</h2>
      <p>Let a process or a page tell what it does:</p>
      <pre>
        {`import { reportTo } from 'webrtc-multiplayer/inspector'

const reporter = reportTo('${report}')
reporter.watch(peer) // a WebRTCMultiplayerPeer, a JoinedLobby, a MultiplayerAPI`}
      </pre>
      <p>
        Or{' '}
        <button type="button" className="link" onClick={onOpen}>
          open a recording
        </button>
        , or drop one here.
      </p>
    </div>
  )
}
