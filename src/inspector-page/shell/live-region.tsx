import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { Announcements } from '../model/announcements.ts'
import type { Session } from '../model/session.ts'
import { useVersion } from './use-version.ts'

/** Milliseconds between two announcements: time to speak the one before. */
const PAUSE = 3_000

/** Tells of verdicts and losses to whoever does not see them. */
export function LiveRegion({ session }: { readonly session: Session }): ReactNode {
  const version = useVersion(session, PAUSE)
  const announcements = useMemo(() => new Announcements((session.log.at(-1)?.index ?? -1) + 1), [session])
  const [text, setText] = useState('')
  useEffect(() => {
    announcements.read(session.log)
    const told = announcements.take()
    if (told !== '') setText(told)
  }, [announcements, session, version])
  return (
    <p className="hidden" role="status" aria-live="polite">
      {text}
    </p>
  )
}
