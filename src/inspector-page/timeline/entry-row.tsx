import type { ReactNode } from 'react'
import type { LogEntry } from '../model/state.ts'
import { clockText, deltaText } from '../model/time-text.ts'
import { KIND_TEXT, KindMark } from './kind-mark.tsx'

interface EntryRowProps {
  readonly entry: LogEntry
  /** The one that is shown before it. */
  readonly before: LogEntry | undefined
  /** It lies after the moment that is shown. */
  readonly isAhead: boolean
  readonly isNow: boolean
}

export function EntryRow({ entry, before, isAhead, isNow }: EntryRowProps): ReactNode {
  const { kind, label, text, time, isTransition } = entry
  const classes = ['entry', `entry-${kind}`, isTransition && 'is-transition', isAhead && 'is-ahead', isNow && 'is-now']
  return (
    <div className={classes.filter(Boolean).join(' ')}>
      <time>{clockText(time)}</time>
      <span className="entry-delta">{before ? deltaText(time - before.time) : ''}</span>
      <span className="entry-kind">
        <KindMark kind={kind} />
        {KIND_TEXT[kind]}
      </span>
      <span className="entry-label">{label}</span>
      <span className="entry-text">{text}</span>
    </div>
  )
}
