import { TARGET_PEER_SERVER } from '../../../src/machines/mesh-types.ts'
import type { Finding, Rule } from '../../../src/testing/index.ts'

/** Of the worlds with Godot 3's server compatibility alone: peer 1 comes first. */
export const serverFirst: Rule = {
  name: 'server-first',
  demands: 'Of all peers the server is announced first.',
  find: (entries) => {
    const met = new Set<string>()
    return entries.flatMap((entry, index): Finding[] => {
      if (entry.kind !== 'connected' || met.has(entry.on)) return []
      met.add(entry.on)
      const { at, on, self, peer } = entry
      if (self === TARGET_PEER_SERVER || peer === TARGET_PEER_SERVER) return []
      return [{ since: 0, at, index, on, message: `peer ${peer} was announced to ${on} before the server` }]
    })
  },
}
