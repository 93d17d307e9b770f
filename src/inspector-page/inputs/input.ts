import type { InspectorMessage } from '../../services/inspector/wire/messages.ts'

/** `waiting`: nobody has told anything yet, or it is tried again. */
export type InputState = 'connecting' | 'open' | 'lost'

/** What an input says to whoever started it. */
export interface InputEvents {
  readonly messages: (messages: readonly InspectorMessage[]) => void
  readonly state: (state: InputState) => void
  /** Everything is told anew from here on: what was told before is over. */
  readonly restart: () => void
  /** This many messages could not be read, or were left out on the way here. */
  readonly missed: (count: number) => void
}

/** Where messages come from. */
export interface Input {
  /** Returns what ends it. */
  start(events: InputEvents): () => void
}
