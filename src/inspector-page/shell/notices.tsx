import type { ReactNode } from 'react'
import type { Workbench } from '../workbench.ts'

/** What whoever looks at the page should know before they believe it. */
export function Notices({ workbench }: { readonly workbench: Workbench }): ReactNode {
  const { problem, recording, hasBefore, saved } = workbench
  return (
    <>
      {problem !== null && (
        <p className="notice notice-bad" role="alert">
          <span>{problem}</span>
          <button type="button" onClick={() => workbench.dismissProblem()}>
            Close
          </button>
        </p>
      )}
      {saved !== null && (
        <p className="notice" role="status">
          <span>{saved}</span>
          <button type="button" onClick={() => workbench.dismissSaved()}>
            Close
          </button>
        </p>
      )}
      {recording?.notices.map((notice) => (
        <p className="notice" key={notice}>
          {notice}
        </p>
      ))}
      {hasBefore && !recording && (
        <p className="notice" role="status">
          <span>The inspector was lost and is there again; what follows is what it remembers.</span>
          <button type="button" onClick={() => workbench.openBefore()}>
            Open what was seen before
          </button>
          <button type="button" onClick={() => workbench.forgetBefore()}>
            Forget it
          </button>
        </p>
      )}
    </>
  )
}
