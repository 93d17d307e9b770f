import type { HistoryEntry } from './history-entry.ts'

/** A place in a history where a rule is broken. */
export interface Violation {
  /** Name of the rule. */
  readonly rule: string
  /** What the rule demands. */
  readonly demands: string
  /** Milliseconds from which on that was demanded here. */
  readonly since: number
  /** Milliseconds when it was broken. */
  readonly at: number
  /** Place of the entry that shows it. */
  readonly index: number
  /** Whom it concerns: the name of the recording; empty: all. */
  readonly on: string
  readonly message: string
}

/** What is to be found in a history. */
export type Finding = Omit<Violation, 'rule' | 'demands'>

/** Something that has to be so in every history. Entries alone count, so a rule works with histories of whatever origin. */
export interface Rule {
  readonly name: string
  /** In words. */
  readonly demands: string
  find(entries: readonly HistoryEntry[]): Finding[]
}
