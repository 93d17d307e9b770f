import type { InspectorMessage } from '../wire/messages.ts'

/** A message with its JSON text, which is made once for everyone who gets it. */
export interface Entry {
  readonly message: InspectorMessage
  readonly text: string
}

export function toEntry(message: InspectorMessage): Entry {
  return { message, text: JSON.stringify(message) }
}
