import type { InspectorMessage } from '../wire/messages.ts'

/** A message of another inspector, as it came: its members are anything. */
export type Told = Readonly<Record<string, unknown>>

/** Reads the messages of another inspector. */
export interface ForeignReader {
  /**
   * @param now - milliseconds since 1970.
   * @returns messages of ours, none if nothing in it is of interest; null if it is no message of that inspector.
   */
  read(told: Told, now: number): readonly InspectorMessage[] | null
}
