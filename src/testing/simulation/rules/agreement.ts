import { ConnectionStatus, TARGET_PEER_SERVER } from '../../../machines/mesh-types.ts'
import type { HistoryEntry, HistoryLayer } from '../history-entry.ts'
import { type Present, Presence } from '../presence.ts'
import type { Finding, Rule } from '../rule.ts'

/** Options of {@link agreement}. */
export interface AgreementOptions {
  /** Milliseconds after the faults have healed in which everyone has to agree. Default 60000. */
  agreesWithin?: number
}

const LAYERS: readonly HistoryLayer[] = ['lobby', 'mesh', 'api']

/** Everyone agrees who is there, some time after the last fault. Nothing is demanded of a history without a `healed` entry. */
export function agreement({ agreesWithin = 60_000 }: AgreementOptions = {}): Rule {
  return {
    name: 'agreement',
    demands: `From ${agreesWithin} ms after the last fault on, everyone who is there knows all others, and nobody else.`,
    find: (entries) => {
      const healing = entries.findLastIndex(({ kind }) => kind === 'healed')
      const healed = entries[healing]
      return healed?.kind === 'healed' ? findAfter(entries, healed.at + agreesWithin, healed.expected) : []
    },
  }
}

/** The disagreement at that time, or at the end of a history that ends before, and each one later. */
function findAfter(
  entries: readonly HistoryEntry[],
  since: number,
  expected: readonly string[] | undefined,
): Finding[] {
  const presence = new Presence()
  const findings: Finding[] = []
  const layers = LAYERS.filter((layer) => entries.some((entry) => entry.kind === 'status' && entry.layer === layer))
  const look = (at: number, index: number): void => {
    for (const layer of layers) {
      for (const { on, message } of disagreements(presence.of(layer), layer, expected)) {
        findings.push({ since, at, index, on, message })
      }
    }
  }
  let isDue = true
  for (const [index, entry] of entries.entries()) {
    // What has become due is looked at when nothing more can happen before.
    if (isDue && (entry.at > since || entry.kind === 'closing')) {
      look(Math.min(entry.at, since), index)
      isDue = false
    }
    if (entry.kind === 'closing') return findings
    if (presence.take(entry) && !isDue) look(entry.at, index)
  }
  if (isDue) look(Math.min(entries.at(-1)?.at ?? 0, since), entries.length)
  return findings
}

function disagreements(
  all: readonly Present[],
  layer: HistoryLayer,
  expected: readonly string[] | undefined,
): { on: string; message: string }[] {
  const there = all.filter(({ status }) => status === ConnectionStatus.CONNECTED)
  const missing = (expected ?? []).filter((name) => !there.some(({ on }) => on === name))
  const absent = missing.map((on) => ({ on, message: `${on} (${layer}) is not there` }))
  const ids = there.map(({ self }) => self)
  const wrong = there.flatMap((present) => {
    const due = dueOf(present, ids)
    const known = [...present.known.keys()].sort((a, b) => a - b)
    if (known.join() === due.join()) return []
    const { on, self } = present
    return [{ on, message: `${on} (${layer}), peer ${self}, knows [${known.join()}], there are [${due.join()}]` }]
  })
  return [...absent, ...wrong]
}

/** Whom one has to know: everyone else; of a star, the server everyone and everyone the server. */
function dueOf({ self, topology }: Present, ids: readonly number[]): number[] {
  const isOuter = topology === 'star' && self !== TARGET_PEER_SERVER
  return ids.filter((id) => id !== self && (!isOuter || id === TARGET_PEER_SERVER)).sort((a, b) => a - b)
}
