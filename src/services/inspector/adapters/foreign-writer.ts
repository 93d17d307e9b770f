import type { InspectorMessage } from '../wire/messages.ts'

/** Tells one viewer what a hub tells, in the form of another inspector. */
export interface ForeignWriter {
  /** @returns messages for JSON, each for a frame of its own; none for what that form has no words for. */
  write(message: InspectorMessage): readonly object[]
}
