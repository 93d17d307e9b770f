import type { History } from './history.ts'
import type { HistoryEntry } from './history-entry.ts'
import type { Rule, Violation } from './rule.ts'
import { agreement, type AgreementOptions } from './rules/agreement.ts'
import { alternation } from './rules/alternation.ts'
import { fanOut } from './rules/fan-out.ts'
import { gating } from './rules/gating.ts'
import { noFailures } from './rules/no-failures.ts'
import { noInvention } from './rules/no-invention.ts'
import { noLeftovers } from './rules/no-leftovers.ts'
import { noStrangers } from './rules/no-strangers.ts'
import { reliableArrival, type ReliableArrivalOptions } from './rules/reliable-arrival.ts'
import { reliableOrder } from './rules/reliable-order.ts'
import { unreliableOnce } from './rules/unreliable-once.ts'
import { unreliableOrder } from './rules/unreliable-order.ts'

/** Options of {@link standardRules}. */
export type StandardRulesOptions = AgreementOptions & ReliableArrivalOptions

/** All rules that there are. */
export function standardRules(options: StandardRulesOptions = {}): Rule[] {
  return [
    alternation,
    gating,
    noStrangers,
    noInvention,
    fanOut,
    reliableOrder,
    reliableArrival(options),
    unreliableOnce,
    unreliableOrder,
    agreement(options),
    noLeftovers,
    noFailures,
  ]
}

/**
 * Checks a history, or the entries of one that was saved. What breaks a rule comes in the order in which it happened.
 *
 * @param rules - default: {@link standardRules}.
 *
 * @example
 * ```ts
 * import { checkHistory, type HistoryEntry } from 'webrtc-multiplayer/testing'
 *
 * const saved = '[{ "at": 5, "kind": "leftovers", "what": "timers", "count": 2 }]'
 * for (const { rule, message } of checkHistory(JSON.parse(saved) as HistoryEntry[])) console.log(rule, message)
 * ```
 */
export function checkHistory(
  history: Pick<History, 'entries'> | readonly HistoryEntry[],
  rules: readonly Rule[] = standardRules(),
): Violation[] {
  const entries = Array.isArray(history)
    ? (history as readonly HistoryEntry[])
    : (history as Pick<History, 'entries'>).entries
  const violations = rules.flatMap(({ name, demands, find }) =>
    find(entries).map((finding) => ({ rule: name, demands, ...finding })),
  )
  return violations.sort((a, b) => a.index - b.index)
}
