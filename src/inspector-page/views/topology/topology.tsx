import { type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import type { Selection } from '../../model/selection.ts'
import type { Session } from '../../model/session.ts'
import { placeCard } from './card-place.ts'
import { ItemCard } from './item-card.tsx'
import { Legend } from './legend.tsx'
import { PictureTools } from './picture-tools.tsx'
import { type Pointed, TopologyView } from './topology-view.ts'
import './picture.css'
import './topology.css'

interface TopologyProps {
  readonly session: Session
  readonly selection: Selection
  readonly onSelect: (selection: Selection) => void
}

const HELP =
  'Left and right arrow: other peers, or other links of a peer. Down: to the links of a peer, then along a link. Up: back. Enter: choose. Plus, minus and 0: zoom. Shift and arrows: move the picture.'

/** Every peer and every link of each group. */
export function Topology({ session, selection, onSelect }: TopologyProps): ReactNode {
  const id = useId()
  const svg = useRef<SVGSVGElement>(null)
  const view = useRef<TopologyView>(null)
  const select = useRef(onSelect)
  const [pointed, setPointed] = useState<Pointed | null>(null)
  const [summary, setSummary] = useState('')
  const [hasLegend, setLegend] = useState(false)

  useEffect(() => {
    select.current = onSelect
  }, [onSelect])

  useEffect(() => {
    if (!svg.current) return
    const made = new TopologyView(svg.current, {
      onSelect: (selection) => select.current(selection),
      onPointed: setPointed,
      onSummary: setSummary,
    })
    view.current = made
    return () => {
      view.current = null
      made.dispose()
    }
  }, [])

  useEffect(() => view.current?.follow(session), [session])
  useEffect(() => view.current?.select(selection), [selection])

  return (
    <div className="picture topology">
      <svg ref={svg} role="listbox" aria-label={`Topology: ${summary}`} aria-describedby={`${id}-help`} />
      <p className="hidden" id={`${id}-help`}>
        {HELP}
      </p>
      {session.peers.size === 0 && summary !== '' && <p className="empty topology-empty">Nobody is here yet.</p>}
      {pointed && <PlacedCard id={`${id}-card`} session={session} pointed={pointed} />}
      <PictureTools picture="topology" panZoom={() => view.current?.panZoom ?? null}>
        <button type="button" aria-expanded={hasLegend} onClick={() => setLegend(!hasLegend)}>
          Legend
        </button>
      </PictureTools>
      {hasLegend && <Legend />}
    </div>
  )
}

interface PlacedCardProps {
  readonly id: string
  readonly session: Session
  readonly pointed: Pointed
}

function PlacedCard({ id, session, pointed: { item, at, scene } }: PlacedCardProps): ReactNode {
  const holder = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = holder.current
    const room = element?.offsetParent
    if (!element || !room) return
    const { x, y } = placeCard(
      at,
      { width: element.offsetWidth, height: element.offsetHeight },
      { width: room.clientWidth, height: room.clientHeight },
    )
    element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`
  })
  return (
    <div ref={holder} className="topology-card-place">
      <ItemCard id={id} state={session} scene={scene} item={item} />
    </div>
  )
}
