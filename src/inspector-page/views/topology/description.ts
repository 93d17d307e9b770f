import { classOfLink, STATE_CLASS_TEXT } from '../../model/state-class.ts'
import type { CandidateView } from '../../../services/inspector/wire/messages.ts'
import type { LinkEnd, LinkState, PeerState } from '../../model/state.ts'
import { byteRateText, bytesText, durationText, rateText, UNKNOWN } from './quantity-text.ts'
import { connectedLinks, expectedLinks, type Scene } from './scene.ts'

/** Godot's numbers of the connection status, in words. */
const STATUS_TEXT: readonly string[] = ['disconnected', 'connecting', 'connected']

export type Row = readonly [name: string, value: string]

export interface PeerDescription {
  /** For a screen reader, and as the card's heading: `peer 3, connected to 4 of 5`. */
  readonly name: string
  readonly rows: readonly Row[]
}

export interface LinkDescription {
  readonly name: string
  /** What each end tells, the lower id first: for each row of {@link END_ROWS} a value. Null for an end that tells nothing. */
  readonly ends: readonly [EndDescription, EndDescription]
  /** The path of the packets, from the lower id to the higher; empty while it is unknown. */
  readonly path: string
  /** Why there is no connection; empty if there is one. */
  readonly verdict: string
}

export interface EndDescription {
  readonly id: number
  readonly values: readonly string[] | null
}

export const END_ROWS = ['state', 'round trip', 'sends', 'receives', 'waits to be sent', 'dropped'] as const

export function peerName(scene: Scene, peer: PeerState): string {
  const group = scene.group(peer.group)
  const expected = group ? expectedLinks(group, peer.id) : 0
  const told = peer.meshId === null ? ', told of by others only' : ''
  const gone = peer.goneAt === null ? '' : ', gone'
  return `peer ${peer.id}${gone}${told}, connected to ${connectedLinks(scene, peer.key)} of ${expected}`
}

export function describePeer(scene: Scene, peer: PeerState, sourceName: string | null): PeerDescription {
  let [sent, received] = [0, 0]
  for (const link of scene.linksOf(peer.key)) {
    const own = link.ends.get(peer.id)
    if (own?.goneAt !== null) continue
    sent += own.newest?.sentBytesPerSecond ?? 0
    received += own.newest?.receivedBytesPerSecond ?? 0
  }
  const rows: Row[] = [['status', statusText(peer)]]
  if (peer.mode !== null) rows.push(['mode', peer.mode])
  if (peer.meshId === null) rows.push(['reports', 'nothing; others tell of it'])
  else {
    if (sourceName !== null) rows.push(['reports as', sourceName])
    rows.push(['sends', byteRateText(sent)], ['receives', byteRateText(received)])
  }
  return { name: peerName(scene, peer), rows }
}

export function statusText({ status, goneAt }: PeerState): string {
  if (goneAt !== null) return 'gone'
  return status === null ? 'unknown' : (STATUS_TEXT[status] ?? `status ${status}`)
}

/** `link 1 to 3, connected, 12 ms`. */
export function linkName(link: LinkState): string {
  const time = roundTripOf(link)
  const parts = [`link ${link.low} to ${link.high}`, STATE_CLASS_TEXT[classOfLink(link)]]
  return [...parts, ...(time === null ? [] : [durationText(time)])].join(', ')
}

function roundTripOf({ ends }: LinkState): number | null {
  for (const { goneAt, facts } of ends.values())
    if (goneAt === null && facts.roundTripTime !== null) return facts.roundTripTime
  return null
}

export function describeLink(link: LinkState): LinkDescription {
  const { low, high, ends, verdict } = link
  return {
    name: linkName(link),
    ends: [
      { id: low, values: endValues(ends.get(low)) },
      { id: high, values: endValues(ends.get(high)) },
    ],
    path: pathOf(ends.get(low), ends.get(high)),
    verdict: verdict ? `${verdict.reason}: ${verdict.message}` : '',
  }
}

function pathOf(low: LinkEnd | undefined, high: LinkEnd | undefined): string {
  const pair = low?.facts.pair
  if (pair) return pathText(pair.local, pair.remote)
  const fromHigh = high?.facts.pair
  return fromHigh ? pathText(fromHigh.remote, fromHigh.local) : ''
}

function endValues(end: LinkEnd | undefined): readonly string[] | null {
  if (!end) return null
  const { facts, newest, goneAt } = end
  const drops = Object.entries(facts.drops).filter(([, count]) => count > 0)
  return [
    goneAt === null ? facts.state : `gone, was ${facts.state}`,
    durationText(facts.roundTripTime),
    newest ? `${byteRateText(newest.sentBytesPerSecond)}, ${rateText(newest.sentPacketsPerSecond)}` : UNKNOWN,
    newest ? `${byteRateText(newest.receivedBytesPerSecond)}, ${rateText(newest.receivedPacketsPerSecond)}` : UNKNOWN,
    bytesText(facts.channels.reduce((sum, { bufferedAmount }) => sum + bufferedAmount, 0)),
    drops.length === 0 ? '0' : drops.map(([reason, count]) => `${count} ${reason}`).join(', '),
  ]
}

function pathText(local: CandidateView, remote: CandidateView): string {
  const protocol = local.protocol === '' ? '' : `${local.protocol}, `
  return `${protocol}${candidateText(local)} ↔ ${candidateText(remote)}`
}

/** `srflx 203.0.113.7:50000`; an IPv6 address is put into brackets, as in URLs. */
export function candidateText({ type, address, port }: CandidateView): string {
  return `${type} ${address.includes(':') ? `[${address}]` : address}:${port}`
}

/** One line for the whole picture. */
export function sceneSummary({ peers, links }: Scene): string {
  let connected = 0
  for (const link of links.values()) if (classOfLink(link) === 'connected') connected++
  const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
  return `${plural(peers.size, 'peer')}, ${plural(links.size, 'link')}, ${connected} connected`
}
