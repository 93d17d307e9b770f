import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import type { HistoryEntry } from '../../../src/testing/index.ts'

const LAYERS = ['lobby', 'mesh', 'api']

/** What has to be in the histories of many seeds. */
export const EVERYTHING: readonly string[] = [
  ...['status', 'connected', 'disconnected', 'end'].flatMap((kind) => LAYERS.map((layer) => `${kind} ${layer}`)),
  ...['send', 'deliver'].flatMap((kind) => ['mesh', 'api'].map((layer) => `${kind} ${layer}`)),
  ...['loss', 'slow', 'disorder', 'partition', 'death', 'absence', 'overload'],
  ...['signaling-cut', 'signaling-restart', 'signaling-disorder'],
  ...['same id, same host', 'same id, another host'],
  ...['fault', 'healed', 'closing', 'leftovers'],
].sort()

/** Counts what a history has of each kind. */
export function countContents(entries: readonly HistoryEntry[], counts: Map<string, number>): void {
  const count = (what: string): void => {
    counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  /** Who had each id last. */
  const owners = new Map<string, string>()
  for (const entry of entries) {
    count('layer' in entry ? `${entry.kind} ${entry.layer}` : entry.kind)
    if (entry.kind === 'fault' && entry.phase === 'begin') count(entry.fault)
    if (entry.kind !== 'status' || entry.status === ConnectionStatus.DISCONNECTED) continue
    const key = `${entry.layer} ${entry.self}`
    const owner = owners.get(key) ?? entry.on
    owners.set(key, entry.on)
    if (owner !== entry.on) count(hostOf(owner) === hostOf(entry.on) ? 'same id, same host' : 'same id, another host')
  }
}

/** Processes are called `host.1`, `host.2` and so on. */
function hostOf(process: string): string {
  return process.replace(/\.\d+$/, '')
}
