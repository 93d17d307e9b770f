import { Announcements } from '../../../src/inspector-page/model/announcements.ts'
import type { LogEntry } from '../../../src/inspector-page/model/state.ts'

/** What is said of a log that is all news. */
export function announced(log: readonly LogEntry[]): string {
  const announcements = new Announcements(0)
  announcements.read(log)
  return announcements.take()
}
