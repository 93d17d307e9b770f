import { Presence } from '../presence.ts'
import type { Finding, Rule } from '../rule.ts'

/** Announcement and loss alternate. */
export const alternation: Rule = {
  name: 'alternation',
  demands: 'A peer is announced once, reported gone once, and only then announced again.',
  find: (entries) => {
    const presence = new Presence()
    const findings: Finding[] = []
    entries.forEach((entry, index) => {
      if (entry.kind === 'connected' || entry.kind === 'disconnected') {
        const { at, on, layer, peer, kind } = entry
        const known = presence.get(layer, on)?.known.get(peer)
        if (kind === 'connected' && known !== undefined) {
          const message = `peer ${peer} was announced to ${on} (${layer}) again, though it was there since ${known.since} ms`
          findings.push({ since: known.since, at, index, on, message })
        } else if (kind === 'disconnected' && known === undefined) {
          const message = `peer ${peer} was reported gone to ${on} (${layer}), which it was not there for`
          findings.push({ since: 0, at, index, on, message })
        }
      }
      presence.take(entry)
    })
    return findings
  },
}
