import type { Rule } from '../rule.ts'

/** Nothing leaks. */
export const noLeftovers: Rule = {
  name: 'no-leftovers',
  demands: 'When everything is closed, nothing is left.',
  find: (entries) => {
    const closedAt = entries.find(({ kind }) => kind === 'closing')?.at ?? 0
    return entries.flatMap((entry, index) => {
      if (entry.kind !== 'leftovers' || entry.count === 0) return []
      const { at, what, count } = entry
      return [{ since: closedAt, at, index, on: '', message: `${count} ${what} are left` }]
    })
  },
}
