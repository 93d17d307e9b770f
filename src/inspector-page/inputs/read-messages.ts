import { checkInspectorMessage } from '../../services/inspector/wire/parse.ts'
import type { InspectorMessage } from '../../services/inspector/wire/messages.ts'

/** Gives what of a list are messages; says how many are not. What comes from elsewhere is not to be trusted. */
export function readMessages(values: unknown): { readonly messages: InspectorMessage[]; readonly unreadable: number } {
  if (!Array.isArray(values)) return { messages: [], unreadable: 1 }
  const messages = (values as readonly unknown[]).filter(checkInspectorMessage)
  return { messages, unreadable: values.length - messages.length }
}
