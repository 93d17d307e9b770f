import { MultiplayerError } from '../../multiplayer-error.ts'

/** What one direction between two hosts does to packets. Packets are what travels, at most 1200 bytes of messages each. */
export interface NetworkConditions {
  /** One-way delay, milliseconds. Default 1. */
  latency: number
  /** A random part of the delay, 0 to this many milliseconds on top of the latency. It does not change the order. Default 0. */
  jitter: number
  /** Probability that a packet is lost, 0 to 1. 1 is an outage: after 30 s without traffic the connections over it are dead. Default 0. */
  loss: number
  /** Probability that a packet arrives twice. Default 0. */
  duplication: number
  /** Probability that a packet is held back so that later ones overtake it. Default 0. */
  reordering: number
  /** Bytes per second; what cannot pass at once queues for up to 500 ms, and what would wait longer is lost. Default Infinity. */
  bandwidth: number
}

export const PERFECT: Readonly<NetworkConditions> = {
  latency: 1,
  jitter: 0,
  loss: 0,
  duplication: 0,
  reordering: 0,
  bandwidth: Infinity,
}

const PROBABILITIES = ['loss', 'duplication', 'reordering'] as const
const DURATIONS = ['latency', 'jitter'] as const

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` with the conditions that are out of range. */
export function checkConditions(conditions: Partial<NetworkConditions>): void {
  const wrong = [
    ...PROBABILITIES.filter((name) => !isWithin(conditions[name] ?? 0, 1)),
    ...DURATIONS.filter((name) => !isWithin(conditions[name] ?? 0, Number.MAX_SAFE_INTEGER)),
    ...((conditions.bandwidth ?? 1) > 0 ? [] : ['bandwidth']),
  ]
  if (wrong.length > 0) {
    throw new MultiplayerError(
      'ERR_INVALID_PARAMETER',
      `Give a probability from 0 to 1, a duration in milliseconds or a bandwidth above 0 for: ${wrong.join(', ')}.`,
      { value: conditions },
    )
  }
}

function isWithin(value: number, max: number): boolean {
  return value >= 0 && value <= max
}
