import { type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import type { LogEntry } from '../model/state.ts'

/** Pixels; as `--row` says. */
const ROW = 24
/** Rows beyond both edges, so that a slow screen shows no gaps while it is scrolled. */
const SPARE = 8

interface VirtualListProps {
  readonly label: string
  readonly entries: readonly LogEntry[]
  /** Index of the chosen entry; it is scrolled to when it changes. */
  readonly chosen: number | null
  /** Whether to stay at the end as entries come. */
  readonly isFollowing: boolean
  /** The reader has scrolled to the end, or away from it. */
  readonly onFollow: (isFollowing: boolean) => void
  readonly onChoose: (entry: LogEntry) => void
  readonly row: (entry: LogEntry, before: LogEntry | undefined) => ReactNode
}

/** Lines of which only those that are seen are in the page. Arrow keys choose. */
export function VirtualList(props: VirtualListProps): ReactNode {
  const { label, entries, chosen, isFollowing, onFollow, onChoose, row } = props
  const box = useRef<HTMLDivElement>(null)
  const base = useId()
  const [top, setTop] = useState(0)
  const [height, setHeight] = useState(400)
  const place = chosen === null ? -1 : placeOf(entries, chosen)
  const first = Math.max(0, Math.floor(top / ROW) - SPARE)
  const last = Math.min(entries.length, Math.ceil((top + height) / ROW) + SPARE)

  useEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(() => setHeight(element.clientHeight))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  // What is forgotten at the top must not move what is read.
  const drawn = useRef(entries)
  useLayoutEffect(() => {
    const before = drawn.current
    drawn.current = entries
    const element = box.current
    if (!element) return
    if (isFollowing) element.scrollTop = entries.length * ROW
    else element.scrollTop -= placeAtOrAfter(before, entries[0]?.index ?? 0) * ROW
  }, [entries, isFollowing, height])

  useLayoutEffect(() => {
    const element = box.current
    if (!element || place < 0) return
    // Only when another one is chosen: the reader may scroll away from it.
    const above = place * ROW - element.scrollTop
    const below = above + ROW - element.clientHeight
    if (above < -ROW || below > ROW) element.scrollTop += (above + below) / 2
    else element.scrollTop += Math.min(0, above) + Math.max(0, below)
  }, [chosen])

  const scroll = (): void => {
    const element = box.current
    if (!element) return
    const { scrollTop, scrollHeight, clientHeight } = element
    setTop(scrollTop)
    const isAtEnd = scrollHeight - scrollTop - clientHeight < ROW
    // Upwards only a reader scrolls; entries that come move the end away too.
    if (isAtEnd && !isFollowing) onFollow(true)
    else if (!isAtEnd && isFollowing && scrollTop < top) onFollow(false)
  }

  const press = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(height / ROW) - 1)
    const from = place < 0 ? last - 1 : place
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: place < 0 ? from : from + 1,
      ArrowUp: from - 1,
      PageDown: from + page,
      PageUp: from - page,
      Home: 0,
      End: entries.length - 1,
    }
    const to = steps[event.key]
    if (to === undefined) return
    event.preventDefault()
    const entry = entries[Math.max(0, Math.min(entries.length - 1, to))]
    if (entry) onChoose(entry)
  }

  return (
    <div
      ref={box}
      className="virtual-list"
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={place >= first && place < last ? `${base}-${chosen ?? ''}` : undefined}
      onScroll={scroll}
      onKeyDown={press}
    >
      <div className="virtual-list-all" role="presentation" style={{ height: entries.length * ROW }}>
        {entries.slice(first, last).map((entry, i) => (
          <div
            key={entry.index}
            id={`${base}-${entry.index}`}
            role="option"
            aria-selected={entry.index === chosen}
            aria-posinset={first + i + 1}
            aria-setsize={entries.length}
            className="virtual-list-row"
            style={{ transform: `translateY(${(first + i) * ROW}px)` }}
            onClick={() => onChoose(entry)}
          >
            {row(entry, entries[first + i - 1])}
          </div>
        ))}
      </div>
    </div>
  )
}

/** Entries are in the order of their indices. */
function placeAtOrAfter(entries: readonly LogEntry[], index: number): number {
  let [low, high] = [0, entries.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((entries[middle]?.index ?? Infinity) < index) low = middle + 1
    else high = middle
  }
  return low
}

/** -1 if it is not among them. */
function placeOf(entries: readonly LogEntry[], index: number): number {
  const place = placeAtOrAfter(entries, index)
  return entries[place]?.index === index ? place : -1
}
