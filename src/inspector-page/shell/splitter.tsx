import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react'

interface SplitterProps {
  readonly label: string
  /** The direction in which it moves. */
  readonly axis: 'x' | 'y'
  /** Percent of its container that what is before it has. */
  readonly value: number
  readonly onChange: (value: number) => void
}

const [LEAST, MOST, STEP] = [15, 85, 2]

/** Between two panes; moved by pointer or arrow keys. */
export function Splitter({ label, axis, value, onChange }: SplitterProps): ReactNode {
  const bar = useRef<HTMLDivElement>(null)
  const set = (next: number): void => onChange(Math.round(Math.min(MOST, Math.max(LEAST, next)) * 10) / 10)

  const drag = ({ pointerId, clientX, clientY, buttons }: PointerEvent): void => {
    const box = bar.current?.parentElement?.getBoundingClientRect()
    if (buttons !== 1 || !box || bar.current?.hasPointerCapture(pointerId) !== true) return
    set(axis === 'x' ? ((clientX - box.x) / box.width) * 100 : ((clientY - box.y) / box.height) * 100)
  }
  const press = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: value - STEP,
      ArrowUp: value - STEP,
      ArrowRight: value + STEP,
      ArrowDown: value + STEP,
      Home: LEAST,
      End: MOST,
    }
    const next = steps[event.key]
    if (next === undefined) return
    event.preventDefault()
    set(next)
  }

  return (
    <div
      ref={bar}
      className={`splitter splitter-${axis}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={axis === 'x' ? 'vertical' : 'horizontal'}
      aria-valuenow={value}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      onPointerDown={({ pointerId }) => bar.current?.setPointerCapture(pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
    />
  )
}
