import type { ReactNode } from 'react'
import { type Player, SPEEDS, type Speed } from '../model/player.ts'
import type { Recording } from '../model/recording.ts'
import { clockText, momentText } from '../model/time-text.ts'
import { useVersion } from '../shell/use-version.ts'
import type { Steps } from './steps.ts'

interface ReplayBarProps {
  readonly recording: Recording
  readonly player: Player
  readonly steps: Steps
}

/** On the slider: a millisecond more or less is of no use to anybody. */
const KEYS: Readonly<Record<string, (steps: Steps) => void>> = {
  ArrowLeft: (steps) => steps.entry(-1),
  ArrowDown: (steps) => steps.entry(-1),
  ArrowRight: (steps) => steps.entry(1),
  ArrowUp: (steps) => steps.entry(1),
  PageDown: (steps) => steps.transition(-1),
  PageUp: (steps) => steps.transition(1),
}

/** Moves through a recording. */
export function ReplayBar({ recording, player, steps }: ReplayBarProps): ReactNode {
  const version = useVersion(recording.session)
  useVersion(player)
  const { startsAt, endsAt, time, entry, entries } = recording
  const text = `${momentText(time - startsAt)} of ${momentText(endsAt - startsAt)}`
  return (
    <section className="replay" aria-label="Replay" data-version={version}>
      <div className="replay-buttons">
        <button type="button" title="Previous transition (K)" onClick={() => steps.transition(-1)}>
          <StepIcon of="previous-transition" />
          <span className="hidden">Previous transition</span>
        </button>
        <button type="button" title="Previous entry (k)" onClick={() => steps.entry(-1)}>
          <StepIcon of="previous" />
          <span className="hidden">Previous entry</span>
        </button>
        <button type="button" className="primary" title="Play or pause (space)" onClick={() => steps.toggle()}>
          {player.isPlaying ? 'Pause' : 'Play'}
        </button>
        <button type="button" title="Next entry (j)" onClick={() => steps.entry(1)}>
          <StepIcon of="next" />
          <span className="hidden">Next entry</span>
        </button>
        <button type="button" title="Next transition (J)" onClick={() => steps.transition(1)}>
          <StepIcon of="next-transition" />
          <span className="hidden">Next transition</span>
        </button>
        <label>
          <span className="hidden">Speed</span>
          <select
            value={player.speed}
            onChange={({ target }) => {
              player.speed = Number(target.value) as Speed
            }}
          >
            {SPEEDS.map((speed) => (
              <option key={speed} value={speed}>
                {speed}×
              </option>
            ))}
          </select>
        </label>
      </div>
      <input
        type="range"
        aria-label="Moment"
        aria-valuetext={text}
        min={0}
        max={Math.max(1, Math.ceil(endsAt - startsAt))}
        step={1}
        value={time - startsAt}
        onChange={({ target }) => steps.time(startsAt + Number(target.value))}
        onKeyDown={(event) => {
          const step = KEYS[event.key]
          if (!step) return
          event.preventDefault()
          step(steps)
        }}
      />
      <p className="replay-time">
        <span>{text}</span>
        <span className="faint">{clockText(time)}</span>
        <span className="faint">
          entry {entry + 1} of {entries.length}
        </span>
      </p>
    </section>
  )
}

const ICONS = {
  'previous-transition': 'M12 3 6 8l6 5ZM4 3v10',
  previous: 'm11 3-6 5 6 5Z',
  next: 'm5 3 6 5-6 5Z',
  'next-transition': 'm4 3 6 5-6 5Zm8 0v10',
}

function StepIcon({ of }: { readonly of: keyof typeof ICONS }): ReactNode {
  return (
    <svg className="step-icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={ICONS[of]} />
    </svg>
  )
}
