import { DEMO_CHANNELS } from './channels.ts'
import { type Cell, type Line, cell, fit } from './line.ts'
import { formatBytes, formatDuration } from './format.ts'
import { type ChannelRates, NO_RATES } from './rates.ts'
import { type PeerRow, type ScreenState, connectedEnds } from './screen-state.ts'

/** Size of the terminal, in characters. */
export interface ScreenSize {
  readonly columns: number
  readonly rows: number
}

/** Everything but the peers and the events: title, three headings, footer, and the blank lines between. */
const FIXED_LINES = 9
const LEAST_NEWS = 4

const ID_WIDTH = 5
const PROCESS_WIDTH = 11
const DIRECTION_WIDTH = 6
const RATE_WIDTH = 14
const LONG_STATE_WIDTH = 13
const SHORT_STATE_WIDTH = 7

/** The live screen: at most as many lines, and as wide, as the terminal has. */
export function renderScreen(state: ScreenState, { columns, rows }: ScreenSize): Line[] {
  const room = Math.max(2, rows - FIXED_LINES - LEAST_NEWS)
  const { peers, isDetailed, hidden } = choosePeers(state.peers, room)
  const top = [
    title(state),
    [],
    ...connectionTable(peers, hidden, columns),
    [],
    ...rateTable(peers, isDetailed),
    [],
    [cell('Events', 'strong')],
  ]
  const newsRoom = Math.max(0, rows - top.length - 2)
  const news = newsRoom === 0 ? [] : state.news.slice(-newsRoom)
  const lines = [
    ...top,
    ...news.map(({ at, text, tone }): Line => [
      cell(`${(at / 1000).toFixed(1)} s`.padStart(9), 'faint'),
      cell(`  ${text}`, tone),
    ]),
    ...Array.from({ length: newsRoom - news.length }, (): Line => []),
    [],
    [cell(state.footer, 'faint')],
  ]
  return lines.slice(0, rows).map((line) => fit(line, columns))
}

/** As many peers as there is room for: with a line for each direction if that fits, else with one line each. */
function choosePeers(
  all: readonly PeerRow[],
  room: number,
): { peers: readonly PeerRow[]; isDetailed: boolean; hidden: number } {
  const isDetailed = all.length * 3 <= room
  if (isDetailed || all.length * 2 <= room) return { peers: all, isDetailed, hidden: 0 }
  const peers = all.slice(0, Math.max(1, Math.floor((room - 1) / 2)))
  return { peers, isDetailed, hidden: all.length - peers.length }
}

function title({ peers, elapsed }: ScreenState): Line {
  const alive = peers.filter((peer) => !peer.isDead)
  // Each connection has two ends, and one end may be further than the other.
  const connections = Math.floor(connectedEnds(alive).length / 2)
  const seconds = Math.floor(elapsed / 1000)
  return [
    cell('webrtc-multiplayer demo', 'strong'),
    cell(`   peers ${alive.length}   connections ${connections}   ${seconds} s`),
  ]
}

function connectionTable(peers: readonly PeerRow[], hidden: number, columns: number): Line[] {
  // The last column needs no gap after it.
  const room = columns - ID_WIDTH - PROCESS_WIDTH + 1
  const isLong = peers.length * LONG_STATE_WIDTH <= room
  const width = isLong ? LONG_STATE_WIDTH : SHORT_STATE_WIDTH
  const shown = peers.slice(0, Math.max(1, Math.floor(room / width)))
  const heading = [
    cell('peer'.padEnd(ID_WIDTH), 'strong'),
    cell('process'.padEnd(PROCESS_WIDTH), 'strong'),
    ...shown.map(({ id }) => cell(`to ${id}`.padEnd(width), 'strong')),
  ]
  const lines = peers.map((peer) => [
    cell(String(peer.id).padEnd(ID_WIDTH), 'strong'),
    cell(peer.process.padEnd(PROCESS_WIDTH), processTone(peer)),
    ...shown.map(({ id }) => stateCell(peer, id, width, isLong)),
  ])
  const more = hidden > 0 ? [[cell(`... and ${hidden} more peers; a larger terminal shows them`, 'faint')]] : []
  return [heading, ...lines, ...more]
}

function processTone({ isDead, process }: PeerRow): Cell['tone'] {
  if (isDead) return 'bad'
  return /^\d/.test(process) ? 'faint' : 'waiting'
}

function stateCell(peer: PeerRow, other: number, width: number, isLong: boolean): Cell {
  if (peer.id === other) return cell((peer.isDead ? '' : '-').padEnd(width), 'faint')
  const connection = peer.connections.find((candidate) => candidate.peer === other)
  if (connection === undefined) return cell(''.padEnd(width))
  const write = (symbol: string, long: string, short: string, tone: Cell['tone']): Cell =>
    cell(`${symbol} ${isLong ? long : short}`.padEnd(width), tone)
  const { roundTrip, state } = connection
  switch (state) {
    case 'new':
      return write('○', 'new', 'new', 'faint')
    case 'connecting':
      return write('◌', 'connecting', 'conn', 'waiting')
    case 'channelsOpen':
      return write('◍', 'open', 'open', 'waiting')
    case 'connected':
      return write('●', roundTrip === null ? 'connected' : formatDuration(roundTrip), shortTime(roundTrip), 'good')
    case 'draining':
      return write('◑', 'leaving', 'left', 'waiting')
    case 'closed':
      return write('×', 'closed', 'gone', 'bad')
  }
}

function shortTime(milliseconds: number | null): string {
  return milliseconds === null
    ? ''
    : formatDuration(milliseconds)
        .split(' ')
        .join('')
        .slice(0, SHORT_STATE_WIDTH - 3)
}

function rateTable(peers: readonly PeerRow[], isDetailed: boolean): Line[] {
  const heading = [
    cell('per second'.padEnd(ID_WIDTH + DIRECTION_WIDTH), 'strong'),
    ...DEMO_CHANNELS.map(({ label }) => cell(label.padEnd(RATE_WIDTH), 'strong')),
  ]
  const line = (id: string, direction: string, cells: readonly Cell[]): Line => [
    cell(id.padEnd(ID_WIDTH), 'strong'),
    cell(direction.padEnd(DIRECTION_WIDTH), 'faint'),
    ...cells,
  ]
  const rates = (peer: PeerRow): readonly ChannelRates[] => DEMO_CHANNELS.map((_, i) => peer.rates[i] ?? NO_RATES)
  const lines = peers
    .filter((peer) => !peer.isDead)
    .flatMap((peer) => {
      const id = String(peer.id)
      const sent = rates(peer).map((rate) => rateCell(rate.sentPackets, rate.sentBytes))
      const received = rates(peer).map((rate) => rateCell(rate.receivedPackets, rate.receivedBytes))
      if (isDetailed) return [line(id, 'out', sent), line('', 'in', received)]
      const both = rates(peer).map((rate) =>
        rateCell(rate.sentPackets + rate.receivedPackets, rate.sentBytes + rate.receivedBytes),
      )
      return [line(id, 'both', both)]
    })
  return [heading, ...lines]
}

function rateCell(packets: number, bytes: number): Cell {
  return cell(`${Math.round(packets)}/s ${formatBytes(bytes)}`.padEnd(RATE_WIDTH), packets < 0.5 ? 'faint' : 'plain')
}
