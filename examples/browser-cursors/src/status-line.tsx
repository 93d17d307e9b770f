import type { ReactNode } from 'react'

interface StatusLineProps {
  readonly isIn: boolean
  /** The lobby is out of reach, though not those whom it brought together. */
  readonly isCutOff: boolean
  readonly others: number
  readonly error: Error | null
  readonly onRejoin: () => void
}

export function StatusLine({ isIn, isCutOff, others, error, onRejoin }: StatusLineProps): ReactNode {
  const [kind, text] = error
    ? (['bad', error.message] as const)
    : isCutOff
      ? (['bad', 'The lobby is lost: you keep whoever is here, but nobody new can come.'] as const)
      : isIn
        ? ([
            'good',
            others === 0 ? 'Nobody else is here yet' : `With ${others} ${others === 1 ? 'other' : 'others'}`,
          ] as const)
        : (['waiting', 'Joining …'] as const)
  return (
    <div className={`status ${kind}`}>
      <p role="status">{text}</p>
      {(error !== null || isCutOff) && (
        <button type="button" onClick={onRejoin}>
          Reconnect
        </button>
      )}
    </div>
  )
}
