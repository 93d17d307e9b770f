import { describe, expect, test } from '@jest/globals'
import { Board } from '../../src/cli/demo/board.ts'
import { DEMO_CHANNELS } from '../../src/cli/demo/channels.ts'
import type { PeerReport } from '../../src/cli/demo/messages.ts'
import { ratesBetween } from '../../src/cli/demo/rates.ts'

/** A board with peers that have all announced each other. */
function boardOf(count: number): Board {
  const board = new Board()
  const ids = Array.from({ length: count }, (_, i) => i + 1)
  for (const id of ids) {
    board.starting(id, 1000 + id)
    board.joining(
      id,
      ids.filter((other) => other < id),
      0,
    )
  }
  for (const of of ids)
    for (const peer of ids) if (of !== peer) board.hear({ type: 'peerConnected', of, peer, took: 50 }, 50)
  return board
}

const newsOf = (board: Board): string[] => board.news.map(({ text }) => text)

function report(at: number, peers: readonly number[], packets: number): PeerReport {
  const counters = { sentPackets: packets, sentBytes: packets * 100, receivedPackets: packets * 2, receivedBytes: 0 }
  return {
    at,
    connections: peers.map((peer) => ({
      peer,
      state: 'connected',
      roundTrip: 1,
      channels: DEMO_CHANNELS.map(() => counters),
    })),
  }
}

describe('the event log', () => {
  test('tells of a newcomer when both ends of all its connections have announced it', () => {
    const board = new Board()
    board.starting(1, 1001)
    board.joining(1, [], 0)
    board.starting(2, 1002)
    board.joining(2, [1], 10)
    board.hear({ type: 'peerConnected', of: 1, peer: 2, took: 5 }, 20)
    expect(newsOf(board)).toEqual(['peer 1 is in the lobby, the first', 'peer 2 is in the lobby with peer 1'])
    board.hear({ type: 'peerConnected', of: 2, peer: 1, took: 5 }, 90)
    expect(newsOf(board).at(-1)).toBe('peer 2 joined: its connection after 80 ms')
  })

  test('somebody is arriving until all connections are announced, one end is gone, or one gave up', () => {
    const board = boardOf(2)
    expect(board.isSomebodyArriving).toBe(false)
    board.starting(3, 1003)
    board.joining(3, [1, 2], 100)
    expect(board.isSomebodyArriving).toBe(true)
    for (const [of, peer] of [
      [1, 3],
      [3, 1],
      [2, 3],
    ] as const)
      board.hear({ type: 'peerConnected', of, peer, took: 5 }, 120)
    expect(board.isSomebodyArriving).toBe(true)
    board.leaving(2, 130)
    expect(board.isSomebodyArriving).toBe(false)
    board.starting(4, 1004)
    board.joining(4, [1], 200)
    expect(board.isSomebodyArriving).toBe(true)
    board.hear({ type: 'neverConnected', of: 4, peer: 1, reason: 'connect-timeout' }, 15_200)
    expect(board.isSomebodyArriving).toBe(false)
  })

  test('a newcomer may have a lower id than those who are there', () => {
    const board = new Board()
    board.joining(1, [2, 3], 0)
    for (const other of [2, 3]) {
      board.hear({ type: 'peerConnected', of: 1, peer: other, took: 5 }, 20)
      board.hear({ type: 'peerConnected', of: other, peer: 1, took: 5 }, 30)
    }
    expect(newsOf(board).at(-1)).toBe('peer 1 joined: all 2 connections after 30 ms')
  })

  test('tells who saw a kill, after how long, and shows the dead until everyone has', () => {
    const board = boardOf(3)
    board.killed(2, 1_000)
    board.hear({ type: 'ended', of: 2 }, 1_010)
    expect(board.rows(9_300)[1]).toEqual({ id: 2, process: 'killed 8 s', isDead: true, connections: [], rates: [] })
    board.hear({ type: 'peerDisconnected', of: 3, peer: 2 }, 13_800)
    expect(newsOf(board).at(-1)).toBe('peer 3 saw peer 2 go after 12.8 s')
    expect(board.rows(13_800)).toHaveLength(3)
    board.hear({ type: 'peerDisconnected', of: 1, peer: 2 }, 13_900)
    expect(board.rows(13_900).map(({ id }) => id)).toEqual([1, 3])
  })

  test('a graceful leave is seen while its process still closes', () => {
    const board = boardOf(3)
    board.leaving(1, 1_000)
    expect(board.rows(1_000)[0]).toMatchObject({ process: 'leaving', isDead: false })
    board.hear({ type: 'peerDisconnected', of: 2, peer: 1 }, 1_004)
    board.hear({ type: 'peerDisconnected', of: 3, peer: 1 }, 1_005)
    expect(newsOf(board).slice(-2)).toEqual([
      'peer 2 saw peer 1 leave after 4.0 ms',
      'peer 3 saw peer 1 leave after 5.0 ms',
    ])
    board.hear({ type: 'ended', of: 1 }, 1_100)
    expect(board.rows(1_100)).toHaveLength(2)
  })

  test('who was killed itself is not waited for to notice another', () => {
    const board = boardOf(3)
    board.killed(2, 0)
    board.killed(3, 0)
    board.hear({ type: 'ended', of: 2 }, 1)
    board.hear({ type: 'ended', of: 3 }, 1)
    board.hear({ type: 'peerDisconnected', of: 1, peer: 2 }, 12_800)
    expect(board.rows(12_800).map(({ id }) => id)).toEqual([1, 3])
  })

  test('of many observers only the first and the last are told', () => {
    const board = boardOf(9)
    const before = board.news.length
    board.killed(9, 0)
    for (let of = 1; of <= 8; of++) board.hear({ type: 'peerDisconnected', of, peer: 9 }, 12_000 + 100 * of)
    expect(newsOf(board).slice(before + 1)).toEqual([
      'peer 1 was the first to see peer 9 go, after 12.1 s',
      'all 8 saw peer 9 go, peer 8 as the last after 12.8 s',
    ])
  })

  test('what a process threw is told in one line, and its peer is gone', () => {
    const board = boardOf(2)
    board.hear({ type: 'failed', of: 2, message: 'TypeError: broken\n    at somewhere' }, 500)
    board.hear({ type: 'ended', of: 2 }, 600)
    expect(board.news.at(-1)).toEqual({ at: 500, text: 'peer 2 failed: TypeError: broken', tone: 'bad' })
    board.hear({ type: 'peerDisconnected', of: 1, peer: 2 }, 700)
    expect(newsOf(board).at(-1)).toBe('peer 1 saw peer 2 go after 200 ms')
  })

  test('a peer that is lost although nobody ended it is told', () => {
    const board = boardOf(2)
    board.hear({ type: 'peerDisconnected', of: 1, peer: 2 }, 700)
    board.hear({ type: 'neverConnected', of: 1, peer: 2, reason: 'no-answer' }, 800)
    expect(board.news.slice(-2).map(({ text, tone }) => [text, tone])).toEqual([
      ['peer 1 lost peer 2', 'bad'],
      ['peer 1 gave up on peer 2 (no-answer)', 'bad'],
    ])
  })

  test('who was killed and is still in the lobby is called in vain; that is no news', () => {
    const board = boardOf(2)
    board.killed(2, 0)
    board.starting(3, 1003)
    board.joining(3, [1], 100)
    const before = board.news.length
    board.hear({ type: 'neverConnected', of: 3, peer: 2, reason: 'peer-left' }, 3_000)
    expect(board.news).toHaveLength(before)
  })

  test('a page comes, is a row like others, and leaves as soon as one peer sees it go', () => {
    const board = boardOf(2)
    board.hear({ type: 'visitor', of: 3 }, 1_000)
    for (const observer of [1, 2]) board.hear({ type: 'peerConnected', of: observer, peer: 3, took: 5 }, 1_010)
    expect(board.rows(1_010)[2]).toEqual({ id: 3, process: 'page', isDead: false, connections: [], rates: [] })
    board.hear({ type: 'peerDisconnected', of: 1, peer: 3 }, 5_000)
    expect(board.rows(6_500)[2]).toMatchObject({ process: 'left 1 s', isDead: true })
    board.hear({ type: 'peerDisconnected', of: 2, peer: 3 }, 5_004)
    expect(board.rows(6_500)).toHaveLength(2)
    expect(newsOf(board).slice(-4)).toEqual([
      'peer 3 is a page: somebody visits',
      'peer 3, the page, leaves',
      'peer 1 saw peer 3 leave after 0.0 ms',
      'peer 2 saw peer 3 leave after 4.0 ms',
    ])
  })

  test('does not grow for ever', () => {
    const board = new Board()
    for (let i = 0; i < 1000; i++) board.tell(i, `line ${i}`)
    expect(board.news).toHaveLength(200)
    expect(newsOf(board).at(-1)).toBe('line 999')
  })
})

describe('rates', () => {
  test('are differences per second, over all connections', () => {
    const rates = ratesBetween(report(1_000, [2, 3], 10), report(1_500, [2, 3], 15))
    expect(rates).toHaveLength(DEMO_CHANNELS.length)
    expect(rates[0]).toEqual({ sentPackets: 20, sentBytes: 2000, receivedPackets: 40, receivedBytes: 0 })
  })

  test('a new connection counts from nothing, one that is gone not at all, and the first report is no rate', () => {
    expect(ratesBetween(report(0, [2], 10), report(1_000, [3], 4))[0]).toMatchObject({ sentPackets: 4 })
    expect(ratesBetween(null, report(1_000, [3], 4))[0]).toMatchObject({ sentPackets: 0 })
  })

  test('the board keeps them of the last two reports', () => {
    const board = boardOf(2)
    board.hear({ type: 'report', of: 1, report: report(0, [2], 0) }, 0)
    board.hear({ type: 'report', of: 1, report: report(500, [2], 50) }, 500)
    expect(board.rows(500)[0]).toMatchObject({ process: '1001', connections: [{ peer: 2, state: 'connected' }] })
    expect(board.rows(500)[0]?.rates[0]).toMatchObject({ sentPackets: 100, sentBytes: 10_000 })
  })
})
