import type { TrafficTally } from './messages.ts'

/** A signal of a mesh, as the peer that heard it told the parent. */
export interface Sighting {
  readonly signal: 'peerConnected' | 'peerDisconnected'
  readonly observer: number
  readonly subject: number
  /** Milliseconds: from adding the peer to the signal; from telling the peer to leave, or killing it, to the signal. */
  readonly took: number
}

/** Two peers that were told to connect. */
export type Pair = readonly [low: number, high: number]

/** How long the parts of a run took, milliseconds. */
export interface RunTimes {
  /** From the first process to every peer being up. */
  start?: number
  /** From the first signal to every connection being announced on both sides. */
  form?: number
  /** Sending and receiving, all rounds. */
  traffic?: number
  /** From starting the late peer's process to every peer having announced it. */
  join?: number
  /** From telling a peer to leave to every other having seen it. */
  leave?: number
  /** From telling everyone to leave to the end of the last process. */
  close?: number
  total?: number
}

/** What happened in a bounded run: everything that the summary is made of. */
export interface RunRecord {
  /** Peers at the start. */
  readonly peers: number
  readonly pairs: readonly Pair[]
  readonly sightings: readonly Sighting[]
  /** The signals that must be heard, each once. */
  readonly expected: readonly Pick<Sighting, 'signal' | 'observer' | 'subject'>[]
  /** Of each peer, the last that it told. */
  readonly tallies: ReadonlyMap<number, TrafficTally>
  readonly times: RunTimes
  /** What ended the run early or went wrong in a process. */
  readonly failures: readonly string[]
}
