import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react'

export interface Tab {
  readonly id: string
  readonly label: string
  readonly content: () => ReactNode
}

interface TabsProps {
  /** Of the whole, for a screen reader. */
  readonly label: string
  readonly tabs: readonly Tab[]
  readonly chosen: string
  readonly onChoose: (id: string) => void
  /** At the other end of the line of tabs. */
  readonly aside?: ReactNode
}

/** One of several views in the same place. Arrow keys go from tab to tab. */
export function Tabs({ label, tabs, chosen, onChoose, aside }: TabsProps): ReactNode {
  const base = useId()
  const list = useRef<HTMLDivElement>(null)
  const present = tabs.find(({ id }) => id === chosen) ?? tabs[0]

  const move = (event: KeyboardEvent): void => {
    const from = tabs.findIndex(({ id }) => id === present?.id)
    const to = { ArrowRight: from + 1, ArrowLeft: from - 1, Home: 0, End: tabs.length - 1 }[event.key]
    const tab = to === undefined ? undefined : tabs.at(to % tabs.length)
    if (!tab) return
    event.preventDefault()
    onChoose(tab.id)
    list.current?.querySelector<HTMLElement>(`[data-tab="${tab.id}"]`)?.focus()
  }

  return (
    <section className="tabs" aria-label={label}>
      <div className="tabs-line">
        <div role="tablist" aria-label={label} ref={list} onKeyDown={move}>
          {tabs.map((tab) => (
            <button
              key={tab.id}
              type="button"
              role="tab"
              id={`${base}-${tab.id}`}
              data-tab={tab.id}
              aria-selected={tab === present}
              aria-controls={`${base}-panel`}
              tabIndex={tab === present ? 0 : -1}
              onClick={() => onChoose(tab.id)}
            >
              {tab.label}
            </button>
          ))}
        </div>
        {aside}
      </div>
      <div className="tabs-panel" role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${present?.id ?? ''}`}>
        {present?.content()}
      </div>
    </section>
  )
}
