import { type ReactNode, useState } from 'react'

interface JsonTreeProps {
  readonly name: string
  readonly value: unknown
  readonly isOpen?: boolean
}

/** Characters and members beyond which the rest is shown only when it is asked for. */
const [LONG, MANY] = [300, 100]

/** A value as a tree; what is within is made when it is opened. */
export function JsonTree({ name, value, isOpen = false }: JsonTreeProps): ReactNode {
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="json-leaf">
        <span className="json-name">{name}</span> <Leaf value={value} />
      </div>
    )
  }
  return <Branch name={name} value={value as Readonly<Record<string, unknown>>} isOpen={isOpen} />
}

function Branch({
  name,
  value,
  isOpen,
}: {
  name: string
  value: Readonly<Record<string, unknown>> | readonly unknown[]
  isOpen: boolean
}): ReactNode {
  const [open, setOpen] = useState(isOpen)
  const [shown, setShown] = useState(MANY)
  const members: readonly (readonly [string, unknown])[] = Object.entries(value)
  if (members.length === 0) {
    return (
      <div className="json-leaf">
        <span className="json-name">{name}</span> {Array.isArray(value) ? '[]' : '{}'}
      </div>
    )
  }
  return (
    <details className="json-branch" open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <span className="json-name">{name}</span>{' '}
        <span className="faint">{Array.isArray(value) ? `${members.length} items` : preview(members)}</span>
      </summary>
      {open && members.slice(0, shown).map(([key, member]) => <JsonTree key={key} name={key} value={member} />)}
      {open && members.length > shown && (
        <button type="button" className="link" onClick={() => setShown(shown + MANY)}>
          {members.length - shown} more
        </button>
      )}
    </details>
  )
}

function Leaf({ value }: { readonly value: unknown }): ReactNode {
  const [isWhole, setWhole] = useState(false)
  const text = JSON.stringify(value)
  const kind = value === null ? 'null' : typeof value
  if (text.length <= LONG || isWhole) return <span className={`json-value json-${kind}`}>{text}</span>
  return (
    <>
      <span className={`json-value json-${kind}`}>{text.slice(0, LONG)}…</span>{' '}
      <button type="button" className="link" onClick={() => setWhole(true)}>
        all {text.length} characters
      </button>
    </>
  )
}

const preview = (members: readonly (readonly [string, unknown])[]): string =>
  `{ ${members
    .slice(0, 4)
    .map(([key]) => key)
    .join(', ')}${members.length > 4 ? ', …' : ''} }`
