import { memo, type ReactNode, type SubmitEvent, useEffect, useRef, useState } from 'react'
import { hueStyle } from './hue.ts'
import type { Line } from './scene.ts'
import { MAX_TEXT } from './wire.ts'

interface ChatProps {
  readonly lines: readonly Line[]
  readonly canSay: boolean
  readonly onSay: (text: string) => void
}

/** Memoised, as cursors change all the time and lines hardly ever. */
export const Chat = memo(function Chat({ lines, canSay, onSay }: ChatProps): ReactNode {
  const [draft, setDraft] = useState('')
  const end = useRef<HTMLLIElement>(null)
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' })
  }, [lines])

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const text = draft.trim()
    if (text === '') return
    onSay(text)
    setDraft('')
  }

  return (
    <section className="chat" aria-labelledby="chat-title">
      <h2 id="chat-title">Chat</h2>
      <ol role="log" aria-label="What was said">
        {lines.map((line) => (
          <ChatLine key={line.key} line={line} />
        ))}
        <li ref={end} role="presentation" />
      </ol>
      <form onSubmit={submit}>
        <input
          aria-label="Say something"
          placeholder="Say something"
          value={draft}
          maxLength={MAX_TEXT}
          autoComplete="off"
          enterKeyHint="send"
          onChange={(event) => {
            setDraft(event.target.value)
          }}
        />
        <button type="submit" disabled={!canSay || draft.trim() === ''}>
          Send
        </button>
      </form>
    </section>
  )
})

function ChatLine({ line: { who, text } }: { readonly line: Line }): ReactNode {
  if (who === null) return <li className="note">{text}</li>
  return (
    <li style={hueStyle(who.hue)}>
      <bdi className="speaker">{who.name}</bdi> <bdi>{text}</bdi>
    </li>
  )
}
