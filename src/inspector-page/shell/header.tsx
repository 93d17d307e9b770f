import type { ReactNode } from 'react'
import type { Workbench } from '../workbench.ts'
import type { Theme } from './use-theme.ts'
import { useVersion } from './use-version.ts'

interface HeaderProps {
  readonly workbench: Workbench
  readonly theme: Theme
  readonly onTheme: () => void
  readonly onOpen: () => void
  readonly onSave: () => void
  readonly onRewind: () => void
  readonly onHelp: () => void
}

/** Milliseconds between two counts. */
const PAUSE = 250

export function Header({ workbench, theme, onTheme, onOpen, onSave, onRewind, onHelp }: HeaderProps): ReactNode {
  const { recording } = workbench
  return (
    <header className="header">
      <h1>
        <img src="./icon.svg" alt="" width="18" height="18" /> Inspector
      </h1>
      <Connection workbench={workbench} />
      <Counts workbench={workbench} />
      <div className="header-actions">
        {recording === null ? (
          <button
            type="button"
            title="Looks at what was live until now, moment by moment (r)"
            disabled={!workbench.hasTape}
            onClick={onRewind}
          >
            Rewind
          </button>
        ) : (
          <button type="button" className="primary" onClick={onRewind}>
            {workbench.isLive ? 'Back to live' : 'Close recording'}
          </button>
        )}
        <button type="button" title="Opens a recording; it can be dropped on the page too (o)" onClick={onOpen}>
          Open…
        </button>
        <button
          type="button"
          title="Saves what was live as a recording (s)"
          disabled={!workbench.hasTape}
          onClick={onSave}
        >
          Save
        </button>
        <button type="button" title="Theme (t)" onClick={onTheme}>
          Theme: {theme}
        </button>
        <button type="button" aria-label="Keys and help" title="Keys (?)" onClick={onHelp}>
          ?
        </button>
      </div>
    </header>
  )
}

function Connection({ workbench }: { readonly workbench: Workbench }): ReactNode {
  const { recording, connection, isOpening } = workbench
  const [look, text] = isOpening
    ? (['waiting', 'Opening…'] as const)
    : recording
      ? (['recording', `Recording: ${recording.name}`] as const)
      : connection === 'open'
        ? (['live', 'Live'] as const)
        : connection === 'connecting'
          ? (['waiting', 'Waiting for somebody to report'] as const)
          : connection === 'lost'
            ? (['lost', 'No inspector; trying again'] as const)
            : (['waiting', 'Nothing is live'] as const)
  return (
    <p className={`connection connection-${look}`} role="status">
      {text}
    </p>
  )
}

function Counts({ workbench }: { readonly workbench: Workbench }): ReactNode {
  const { session, missed } = workbench
  useVersion(session, PAUSE)
  const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
  const sources = [...session.sources.values()].filter(({ isGone }) => !isGone).length
  return (
    <p className="counts">
      {plural(sources, 'source')}, {plural(session.peers.size, 'peer')}, {plural(session.links.size, 'link')}
      {missed > 0 && <span className="warn">, {plural(missed, 'message')} missed</span>}
    </p>
  )
}
