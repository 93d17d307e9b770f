import type { Rule } from '../rule.ts'

/** Nothing throws that nobody catches. */
export const noFailures: Rule = {
  name: 'no-failures',
  demands: 'Nothing throws that nobody catches.',
  find: (entries) =>
    entries.flatMap((entry, index) =>
      entry.kind === 'failure' ? [{ since: 0, at: entry.at, index, on: '', message: entry.message }] : [],
    ),
}
