import { covers } from '../packet-streams.ts'
import type { Finding, Rule } from '../rule.ts'

/** A broadcast reaches each peer once. */
export const fanOut: Rule = {
  name: 'fan-out',
  demands: 'One call of send gives its packet to each peer once at most, and to none that it is not for.',
  find: (entries) => {
    const given = new Set<string>()
    return entries.flatMap((entry, index): Finding[] => {
      if (entry.kind !== 'send' || entry.call === undefined || entry.target === undefined) return []
      const { at, on, layer, to, call, target, packet } = entry
      const key = `${layer} ${call} ${to}`
      const isAgain = given.has(key)
      given.add(key)
      if (!isAgain && covers(target, to)) return []
      const what = isAgain ? 'again, in one call' : `though it is for ${target}`
      return [{ since: at, at, index, on, message: `${on} (${layer}) sent ${packet} to peer ${to} ${what}` }]
    })
  },
}
