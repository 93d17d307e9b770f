import { connectPair, SimulatedNetwork, type SimulatedNetworkOptions } from '../../../src/testing/index.ts'
import type { DataChannelOptions, WebRTCDataChannel } from '../../../src/transport/data-channel.ts'
import type { WebRTCPeerConnection } from '../../../src/transport/peer-connection.ts'
import { ChannelState, ConnectionState } from '../../../src/transport/states.ts'

/** A connection on host `a` and one on host `b`, with a negotiated channel for each of the given options, open. */
export interface SimulatedPair {
  readonly network: SimulatedNetwork
  readonly a: WebRTCPeerConnection
  readonly b: WebRTCPeerConnection
  readonly left: readonly WebRTCDataChannel[]
  readonly right: readonly WebRTCDataChannel[]
  /** The first channel of `a`. */
  readonly sender: WebRTCDataChannel
  /** The first channel of `b`. */
  readonly receiver: WebRTCDataChannel
}

export async function openPair(
  options: SimulatedNetworkOptions,
  ...channels: DataChannelOptions[]
): Promise<SimulatedPair> {
  const network = new SimulatedNetwork(options)
  const a = new (network.host('a').PeerConnection)()
  const b = new (network.host('b').PeerConnection)()
  const create = (connection: WebRTCPeerConnection): WebRTCDataChannel[] =>
    channels.map((channel, id) => connection.createDataChannel(`channel ${id}`, { negotiated: true, id, ...channel }))
  const left = create(a)
  const right = create(b)
  connectPair(a, b)
  await network.clock.runUntil(() => [...left, ...right].every((channel) => channel.readyState === ChannelState.OPEN))
  return { network, a, b, left, right, sender: at(left, 0), receiver: at(right, 0) }
}

/** The member at this index, which is there. */
export function at<T>(list: readonly T[], index: number): T {
  const member = list[index]
  if (member === undefined) throw new Error(`There is no member ${index}.`)
  return member
}

export const RELIABLE: DataChannelOptions = {}
export const UNORDERED: DataChannelOptions = { ordered: false }
export const ORDERED_LOSSY: DataChannelOptions = { maxRetransmits: 0 }
export const UNORDERED_LOSSY: DataChannelOptions = { ordered: false, maxRetransmits: 0 }

/** A message of this many bytes that carries a number. */
export function numbered(value: number, size = 4): Uint8Array {
  const bytes = new Uint8Array(size)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

/** The numbers of the messages that arrive, as they arrive. */
export function numbersOf(channel: WebRTCDataChannel): number[] {
  const numbers: number[] = []
  channel.setReceiver((data) => {
    numbers.push(new DataView(data.buffer, data.byteOffset).getUint32(0))
  })
  return numbers
}

/** 0, 1, ... count - 1. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

/** Sends a numbered message every `interval` milliseconds, as long as the channel is open. */
export async function sendPaced(
  { network: { clock } }: SimulatedPair,
  channel: WebRTCDataChannel,
  count: number,
  interval: number,
): Promise<void> {
  for (let value = 0; value < count && channel.readyState === ChannelState.OPEN; value++) {
    channel.send(numbered(value))
    await clock.run(interval)
  }
}

/** The connection states that are left behind, each with its virtual time. */
export function statesOf(
  network: SimulatedNetwork,
  connection: WebRTCPeerConnection,
): { state: keyof typeof ConnectionState; at: number }[] {
  const states: { state: keyof typeof ConnectionState; at: number }[] = []
  connection.connectionState$.subscribe((state) => {
    states.push({ state: ConnectionState[state] as keyof typeof ConnectionState, at: network.clock.now() })
  })
  return states
}
