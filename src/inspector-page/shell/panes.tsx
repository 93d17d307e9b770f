import { type ReactNode, useEffect, useRef, useState } from 'react'
import { List } from '../list/list.tsx'
import type { Selection } from '../model/selection.ts'
import type { Session } from '../model/session.ts'
import { Topology } from '../views/topology/topology.tsx'
import { ChartPane, PlotsPane } from './details.tsx'
import { EmptyPage } from './empty-page.tsx'
import { Splitter } from './splitter.tsx'
import { type Tab, Tabs } from './tabs.tsx'
import { useMedia } from './use-media.ts'
import { useStored } from './use-stored.ts'
import { useVersion } from './use-version.ts'

export type View = 'topology' | 'list' | 'statechart' | 'plots' | 'timeline'

interface PanesProps {
  readonly session: Session
  readonly selection: Selection
  readonly onSelect: (selection: Selection) => void
  readonly onOpen: () => void
  readonly timeline: ReactNode
  /** The view that shall have the focus; another object each time that somebody wants it. */
  readonly focused: { readonly view: View } | null
}

/** What gets the focus of a view, the first of these; never where something is typed, since single keys would end there. */
const FOCUSABLE = ['[role=listbox]', 'button', '[tabindex="0"]']

/** The views, beside and above each other; on a narrow screen one at a time. */
export function Panes({ session, selection, onSelect, onOpen, timeline, focused }: PanesProps): ReactNode {
  const isNarrow = useMedia('(max-width: 899px)')
  const [left, setLeft] = useStored<string>('left-view', 'topology')
  const [right, setRight] = useStored<string>('right-view', 'statechart')
  const [only, setOnly] = useState<string>('topology')
  const [x, setX] = useStored<number>('split-x', 55)
  const [y, setY] = useStored<number>('split-y', 60)
  const root = useRef<HTMLElement>(null)

  useEffect(() => {
    if (!focused) return
    const { view } = focused
    setOnly(view)
    if (view === 'topology' || view === 'list') setLeft(view)
    if (view === 'statechart' || view === 'plots') setRight(view)
    // When it is there.
    const frame = requestAnimationFrame(() => {
      const place = root.current?.querySelector<HTMLElement>(`[data-view="${view}"]`)
      const inner = FOCUSABLE.map((selector) => place?.querySelector<HTMLElement>(selector)).find(Boolean)
      const target = inner ?? place
      target?.focus()
    })
    return () => cancelAnimationFrame(frame)
  }, [focused])

  const whole: readonly Tab[] = [
    {
      id: 'topology',
      label: 'Topology',
      content: () => (
        <WhenTold session={session} onOpen={onOpen}>
          <Topology session={session} selection={selection} onSelect={onSelect} />
        </WhenTold>
      ),
    },
    { id: 'list', label: 'List', content: () => <List session={session} selection={selection} onSelect={onSelect} /> },
  ]
  const parts: readonly Tab[] = [
    {
      id: 'statechart',
      label: 'Statechart',
      content: () => <ChartPane session={session} selection={selection} onSelect={onSelect} />,
    },
    {
      id: 'plots',
      label: 'Plots',
      content: () => <PlotsPane session={session} selection={selection} onSelect={onSelect} />,
    },
  ]
  const place = (tab: Tab): Tab => ({
    ...tab,
    content: () => (
      <div className="view" data-view={tab.id} tabIndex={-1}>
        {tab.content()}
      </div>
    ),
  })

  if (isNarrow) {
    const last: Tab = { id: 'timeline', label: 'Timeline', content: () => timeline }
    return (
      <main className="panes panes-narrow" ref={root}>
        <Tabs label="Views" tabs={[...whole, ...parts, last].map(place)} chosen={only} onChoose={setOnly} />
      </main>
    )
  }
  return (
    <main className="panes" ref={root} style={{ gridTemplateRows: `minmax(0, ${y}fr) auto minmax(0, ${100 - y}fr)` }}>
      <div className="panes-upper" style={{ gridTemplateColumns: `minmax(0, ${x}fr) auto minmax(0, ${100 - x}fr)` }}>
        <Tabs label="Meshes" tabs={whole.map(place)} chosen={left} onChoose={setLeft} />
        <Splitter label="Width of the left part" axis="x" value={x} onChange={setX} />
        <Tabs label="What is chosen" tabs={parts.map(place)} chosen={right} onChoose={setRight} />
      </div>
      <Splitter label="Height of the upper part" axis="y" value={y} onChange={setY} />
      <div className="view" data-view="timeline" tabIndex={-1}>
        {timeline}
      </div>
    </main>
  )
}

interface WhenToldProps {
  readonly session: Session
  readonly onOpen: () => void
  readonly children: ReactNode
}

/** Before anything was told, what to do for that. */
function WhenTold({ session, onOpen, children }: WhenToldProps): ReactNode {
  useVersion(session, 250)
  return session.sources.size === 0 ? <EmptyPage onOpen={onOpen} /> : children
}
