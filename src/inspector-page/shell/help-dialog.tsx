import { type ReactNode, useEffect, useRef } from 'react'
import type { Shortcut } from './shortcuts.ts'

interface HelpDialogProps {
  readonly shortcuts: readonly Shortcut[]
  readonly areOn: boolean
  readonly onToggle: (areOn: boolean) => void
  readonly onClose: () => void
}

const EVERYWHERE: readonly (readonly [string, string])[] = [
  ['Tab', 'to the next part of the page'],
  ['← →', 'between tabs, and peers and links of the topology'],
  ['↑ ↓ Page Home End', 'through the lines of the timeline'],
  ['← → ↑ ↓', 'on a border between two parts: moves it'],
  ['+ − 0', 'in a picture: zooms'],
]

export function HelpDialog({ shortcuts, areOn, onToggle, onClose }: HelpDialogProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog ref={dialog} className="help" aria-labelledby="help-title" onClose={onClose}>
      <h2 id="help-title">Keys</h2>
      <dl>
        {EVERYWHERE.map(([keys, does]) => (
          <div key={does}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
        {shortcuts.map(({ key, shown = key, does }) => (
          <div key={key} className={areOn ? '' : 'off'}>
            <dt>
              <kbd>{shown}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <div className="help-foot">
        <label>
          <input type="checkbox" checked={areOn} onChange={({ target }) => onToggle(target.checked)} /> Single keys work
          everywhere on the page
        </label>
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  )
}
