import { type PointerEvent, type ReactNode, useState } from 'react'
import type { WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
import { hueStyle } from './hue.ts'
import type { Person } from './scene.ts'
import { useCursorSender } from './use-cursor-sender.ts'
import type { Point, Profile } from './wire.ts'

interface CursorsProps {
  readonly mesh: WebRTCMultiplayerPeer | null
  readonly me: Profile
  readonly people: ReadonlyMap<number, Person>
}

/** The stage, with the cursors of everyone. */
export function Cursors({ mesh, me, people }: CursorsProps): ReactNode {
  const [mine, setMine] = useState<Point | null>(null)
  const tellEveryone = useCursorSender(mesh)

  const move = ({ clientX, clientY, currentTarget }: PointerEvent): void => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect()
    const point = { x: (clientX - left) / width, y: (clientY - top) / height }
    setMine(point)
    tellEveryone(point)
  }

  return (
    <main className="stage" aria-label="Stage with everyone's cursors" onPointerMove={move} onPointerDown={move}>
      <p className="hint" hidden={mine !== null}>
        Move over here
      </p>
      {[...people].map(
        ([id, person]) =>
          person.cursor && (
            <Cursor key={id} who={person} at={person.cursor}>
              {person.said && (
                <q key={person.said.key} className="bubble">
                  {person.said.text}
                </q>
              )}
            </Cursor>
          ),
      )}
      {mine && <Cursor who={me} at={mine} isMine />}
    </main>
  )
}

interface CursorProps {
  readonly who: Profile
  readonly at: Point
  readonly isMine?: boolean
  readonly children?: ReactNode
}

function Cursor({ who, at, isMine = false, children }: CursorProps): ReactNode {
  // The layer is as large as the stage, so that percentages of its own size are places on the stage.
  const transform = `translate(${at.x * 100}%, ${at.y * 100}%)`
  const classes = ['layer', isMine && 'mine', at.x > 0.6 && 'to-left', at.y > 0.8 && 'above'].filter(Boolean).join(' ')
  return (
    <div className={classes} style={{ ...hueStyle(who.hue), transform }} data-name={who.name} aria-hidden>
      <svg className="arrow" viewBox="0 0 24 24">
        <path d="M3 2v18l5-4.6 3.4 7.4 3.4-1.5-3.4-7.4H18z" />
      </svg>
      <bdi className="name">{isMine ? `${who.name} (you)` : who.name}</bdi>
      {children}
    </div>
  )
}
