import { describe, expect, test } from '@jest/globals'
import { DEMO_CHANNELS } from '../../src/cli/demo/channels.ts'
import { formatBytes, formatDuration } from '../../src/cli/demo/format.ts'
import { cell, fit, plainText } from '../../src/cli/demo/line.ts'
import { PlainDisplay, statusText } from '../../src/cli/demo/plain-display.ts'
import { type ScreenSize, renderScreen } from '../../src/cli/demo/screen.ts'
import type { PeerRow, ScreenState } from '../../src/cli/demo/screen-state.ts'

const RATES = { sentPackets: 80, sentBytes: 16_000, receivedPackets: 60, receivedBytes: 12_345 }

function peer(
  id: number,
  others: readonly number[],
  state: PeerRow['connections'][number]['state'] = 'connected',
): PeerRow {
  return {
    id,
    process: String(4000 + id),
    isDead: false,
    connections: others.map((other) => ({ peer: other, state, roundTrip: state === 'connected' ? 0.84 : null })),
    rates: DEMO_CHANNELS.map(() => RATES),
  }
}

function mesh(count: number, changes: Partial<ScreenState> = {}): ScreenState {
  const ids = Array.from({ length: count }, (_, i) => i + 1)
  return {
    elapsed: 42_900,
    peers: ids.map((id) =>
      peer(
        id,
        ids.filter((other) => other !== id),
      ),
    ),
    news: [{ at: 12_840, text: 'peer 3 saw peer 5 go after 12.8 s', tone: 'plain' }],
    footer: 'q quit',
    ...changes,
  }
}

const draw = (state: ScreenState, size: ScreenSize): string[] =>
  renderScreen(state, size).map((line) => plainText(line).trimEnd())

describe('the live screen', () => {
  test('shows connections, round trips, rates and events', () => {
    const [title, , heading, first, second, ...rest] = draw(mesh(3), { columns: 80, rows: 24 })
    expect(title).toBe('webrtc-multiplayer demo   peers 3   connections 3   42 s')
    expect(heading).toBe('peer process    to 1         to 2         to 3')
    expect(first).toBe('1    4001       -            ● 0.8 ms     ● 0.8 ms')
    expect(second).toBe('2    4002       ● 0.8 ms     -            ● 0.8 ms')
    expect(rest).toContain(
      'per second reliable      ordered       unreliable    1 reliable    2 unreliable'.slice(0, 80),
    )
    expect(rest.find((line) => line.startsWith('1    out'))).toBe(
      '1    out   80/s 16 kB    80/s 16 kB    80/s 16 kB    80/s 16 kB    80/s 16 kB',
    )
    expect(rest.find((line) => line.startsWith('     in'))).toContain('60/s 12 kB')
    expect(rest).toContain('   12.8 s  peer 3 saw peer 5 go after 12.8 s')
    expect(rest.at(-1)).toBe('q quit')
  })

  test('names every state of a connection', () => {
    const states = ['new', 'connecting', 'channelsOpen', 'draining', 'closed'] as const
    const shown = states.map(
      (state) => draw(mesh(0, { peers: [peer(1, [2], state), peer(2, [])] }), { columns: 80, rows: 24 })[3],
    )
    expect(shown).toEqual(
      ['○ new', '◌ connecting', '◍ open', '◑ leaving', '× closed'].map(
        (text) => `1    4001       -            ${text}`,
      ),
    )
  })

  test('a dead peer is shown, but has no rates', () => {
    const dead: PeerRow = { id: 3, process: 'killed 8 s', isDead: true, connections: [], rates: [] }
    const lines = draw(mesh(0, { peers: [peer(1, [3]), dead] }), { columns: 80, rows: 24 })
    expect(lines[0]).toContain('peers 1   connections 0')
    expect(lines).toContain('3    killed 8 s')
    expect(lines.filter((line) => line.startsWith('3 '))).toHaveLength(1)
  })

  test.each([
    { columns: 80, rows: 24, peers: 4 },
    { columns: 120, rows: 50, peers: 12 },
    { columns: 60, rows: 16, peers: 9 },
    { columns: 20, rows: 5, peers: 4 },
    { columns: 1, rows: 1, peers: 2 },
    { columns: 80, rows: 24, peers: 200 },
  ])('fits $columns columns and $rows rows with $peers peers', ({ columns, rows, peers }) => {
    const lines = draw(mesh(peers), { columns, rows })
    expect(lines.length).toBeLessThanOrEqual(rows)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns)
  })

  test('with less room it shows both directions in one line, then fewer peers', () => {
    const small = draw(mesh(5), { columns: 80, rows: 24 })
    expect(small.find((line) => line.startsWith('5    both'))).toContain('140/s 28 kB')
    const smaller = draw(mesh(20), { columns: 80, rows: 24 })
    expect(smaller).toContain('... and 15 more peers; a larger terminal shows them')
    expect(smaller.at(-1)).toBe('q quit')
    expect(smaller.find((line) => line.startsWith('1 '))).toContain('● 0.8 ms')
  })

  test('many peers get narrower columns', () => {
    const [, , heading, first] = draw(mesh(9), { columns: 80, rows: 40 })
    expect(heading).toContain('to 8   to 9')
    expect(first).toContain('● 0.8m')
  })

  test('shows the newest events where not all fit', () => {
    const news = Array.from({ length: 50 }, (_, i) => ({ at: i * 1000, text: `line ${i}`, tone: 'plain' as const }))
    const lines = draw(mesh(4, { news }), { columns: 80, rows: 30 })
    expect(lines.filter((line) => line.includes('line ')).at(-1)).toContain('line 49')
    expect(lines.at(-1)).toBe('q quit')
  })
})

describe('lines', () => {
  test('are cut with a mark, over several pieces', () => {
    const line = [cell('abc', 'good'), cell('defgh')]
    expect(plainText(fit(line, 8))).toBe('abcdefgh')
    expect(plainText(fit(line, 5))).toBe('abcd…')
    expect(plainText(fit(line, 2))).toBe('a…')
    expect(fit(line, 5)[0]).toEqual(cell('abc', 'good'))
  })

  test('blanks at the end are cut without a mark', () => {
    expect(plainText(fit([cell('abc   ')], 4))).toBe('abc ')
  })
})

describe('numbers', () => {
  test('of bytes', () => {
    expect([0, 999, 1000, 1234, 12_345, 999_400, 999_600, 3_400_000].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '1.2 kB',
      '12 kB',
      '999 kB',
      '1.0 MB',
      '3.4 MB',
    ])
  })

  test('of time', () => {
    expect([0.04, 0.84, 9.96, 120.4, 999.6, 12_840].map(formatDuration)).toEqual([
      '0.0 ms',
      '0.8 ms',
      '10 ms',
      '120 ms',
      '1.0 s',
      '12.8 s',
    ])
  })
})

describe('without a terminal', () => {
  test('every event is a line, and now and then there is one about the mesh', () => {
    const written: string[] = []
    const display = new PlainDisplay((text) => written.push(text))
    display.tell({ at: 12_840, text: 'peer 1 leaves gracefully', tone: 'plain' })
    for (const elapsed of [4_900, 5_100, 9_000, 10_200]) display.show(mesh(3, { elapsed }))
    expect(written).toEqual([
      '  12.8 s  peer 1 leaves gracefully\n',
      `   5.1 s  ${statusText(mesh(3).peers)}\n`,
      `  10.2 s  ${statusText(mesh(3).peers)}\n`,
    ])
    expect(statusText(mesh(3).peers)).toBe(
      '3 peers, 3 of 3 connections, median round trip 0.8 ms, 900 packets/s, 185 kB/s received',
    )
  })
})
