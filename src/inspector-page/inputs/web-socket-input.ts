import type { MissedMessage } from '../../services/inspector/hub/missed-message.ts'
import { isObject } from '../../services/inspector/wire/check.ts'
import type { Input, InputEvents } from './input.ts'
import { readMessages } from './read-messages.ts'

/** Milliseconds between two tries: an inspector that is started again is seen within a second. */
const RETRY_AFTER = 1_000

/** An inspector's server, as long as it is there, and whenever it is there again. */
export class WebSocketInput implements Input {
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  start(events: InputEvents): () => void {
    let socket: WebSocket | null = null
    let timer: ReturnType<typeof setTimeout> | undefined
    let wasOpen = false
    const connect = (): void => {
      const mine = new WebSocket(this.#url)
      socket = mine
      mine.onopen = () => {
        if (wasOpen) events.restart()
        wasOpen = true
        events.state('open')
      }
      mine.onmessage = ({ data }: MessageEvent<unknown>) => {
        take(data, events)
      }
      mine.onclose = () => {
        events.state('lost')
        timer = setTimeout(connect, RETRY_AFTER)
      }
    }
    connect()
    return () => {
      clearTimeout(timer)
      if (!socket) return
      socket.onclose = null
      socket.onmessage = null
      socket.close()
    }
  }
}

function take(data: unknown, events: InputEvents): void {
  const values = parse(data)
  const missed = values.filter(isMissed)
  const { messages, unreadable } = readMessages(values.filter((value) => !isMissed(value)))
  const count = missed.reduce((sum, { count }) => sum + count, unreadable)
  if (count > 0) events.missed(count)
  if (messages.length > 0) events.messages(messages)
}

function parse(data: unknown): readonly unknown[] {
  if (typeof data !== 'string') return [undefined]
  try {
    const values = JSON.parse(data) as unknown
    return Array.isArray(values) ? (values as readonly unknown[]) : [values]
  } catch {
    return [undefined]
  }
}

/** The server's word that this page could not keep up. */
function isMissed(value: unknown): value is MissedMessage {
  return isObject(value) && value.type === 'webrtc.missed' && typeof value.count === 'number'
}
