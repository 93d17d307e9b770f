import { Presence } from '../presence.ts'
import type { Finding, Rule } from '../rule.ts'

/** No packet from a stranger. */
export const noStrangers: Rule = {
  name: 'no-strangers',
  demands: 'A packet comes from a peer that was announced and not yet reported gone.',
  find: (entries) => {
    const presence = new Presence()
    const findings: Finding[] = []
    entries.forEach((entry, index) => {
      presence.take(entry)
      if (entry.kind !== 'deliver') return
      const { at, on, layer, from, self, packet } = entry
      const isKnown = from === self || presence.get(layer, on)?.known.has(from) === true
      if (isKnown) return
      const message = `${on} (${layer}) got ${packet} of peer ${from}, which is not there`
      findings.push({ since: 0, at, index, on, message })
    })
    return findings
  },
}
