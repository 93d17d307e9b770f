import type { LogEntry } from './state.ts'

/** More than these are counted, not told one by one. */
const MOST_TOLD = 3

/** What somebody who does not see the page has to hear of: verdicts and losses. */
export class Announcements {
  #next: number
  #verdicts: string[] = []
  #losses: string[] = []

  /** @param next - index of the first entry that is news. */
  constructor(next: number) {
    this.#next = next
  }

  read(log: readonly LogEntry[]): void {
    const first = log[0]?.index ?? 0
    for (const entry of log.slice(Math.max(0, this.#next - first))) this.#note(entry)
    this.#next = first + log.length
  }

  /** What was read since the last time, in words; empty if there was nothing. */
  take(): string {
    const told = [...tell(this.#verdicts, 'verdicts'), ...tell(this.#losses, 'losses')].join(' ')
    this.#verdicts = []
    this.#losses = []
    return told
  }

  #note({ kind, label, text, message }: LogEntry): void {
    if (kind === 'verdict') this.#verdicts.push(`Verdict on ${label}: ${text}.`)
    if (message.type === 'webrtc.source-gone') this.#losses.push(`${label} reports no more.`)
    if (kind !== 'end' || message.type !== '@xstate.snapshot') return
    // What was stopped by its parent was meant to end.
    if (message.snapshot.status !== 'stopped') this.#losses.push(`${label} ${text}.`)
  }
}

function tell(texts: readonly string[], what: string): readonly string[] {
  return texts.length > MOST_TOLD ? [`${texts.length} ${what}.`] : texts
}
