import { ConnectionStatus } from '../../../machines/mesh-types.ts'
import { Presence } from '../presence.ts'
import type { Finding, Rule } from '../rule.ts'

/** Nobody is announced to one that is not connected itself: a client, or Godot 3's server compatibility, before the server is there. */
export const gating: Rule = {
  name: 'gating',
  demands: 'A peer is announced while the status is CONNECTED.',
  find: (entries) => {
    const presence = new Presence()
    const findings: Finding[] = []
    entries.forEach((entry, index) => {
      if (entry.kind === 'connected') {
        const { at, on, layer, peer } = entry
        const { status = ConnectionStatus.CONNECTED, since = 0 } = presence.get(layer, on) ?? {}
        if (status !== ConnectionStatus.CONNECTED) {
          const message = `peer ${peer} was announced to ${on} (${layer}), whose status is ${ConnectionStatus[status]}`
          findings.push({ since, at, index, on, message })
        }
      }
      presence.take(entry)
    })
    return findings
  },
}
