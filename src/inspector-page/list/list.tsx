import { type ReactNode, useState } from 'react'
import type { Selection } from '../model/selection.ts'
import type { Session } from '../model/session.ts'
import { useVersion } from '../shell/use-version.ts'
import { ActorTable } from './actor-table.tsx'
import { LinkTable } from './link-table.tsx'
import { PeerTable } from './peer-table.tsx'
import { SourceTable } from './source-table.tsx'

export interface TableProps {
  readonly session: Session
  /** In small letters; only rows that have it are wanted. */
  readonly needle: string
  readonly selection: Selection
  readonly onSelect: (selection: Selection) => void
}

/** Milliseconds between two drawings; connections are looked at as often. */
const PAUSE = 500

/** All that the pictures show, in words. */
export function List({ session, selection, onSelect }: Omit<TableProps, 'needle'>): ReactNode {
  const version = useVersion(session, PAUSE)
  const [needle, setNeedle] = useState('')
  const props: TableProps = { session, selection, onSelect, needle: needle.toLowerCase() }
  return (
    // The version says to whoever reads the page by program whether it has been drawn.
    <div className="list" data-version={version}>
      <input
        type="search"
        className="list-search"
        placeholder="Search the list"
        aria-label="Search the list"
        value={needle}
        onChange={({ target }) => setNeedle(target.value)}
      />
      <SourceTable {...props} />
      <PeerTable {...props} />
      <LinkTable {...props} />
      <ActorTable {...props} />
    </div>
  )
}
