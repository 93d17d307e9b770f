import { describe, expect, test } from '@jest/globals'
import { ArrivalProgress } from '../../src/cli/demo/arrival-progress.ts'
import { DEMO_CHANNELS, TARGET_KINDS } from '../../src/cli/demo/channels.ts'
import { decodePacket, encodePing, encodeTraffic } from '../../src/cli/demo/packet-format.ts'
import { SequenceWindow } from '../../src/cli/demo/sequence-window.ts'
import { TrafficReceiver } from '../../src/cli/demo/traffic-receiver.ts'
import { TrafficSender } from '../../src/cli/demo/traffic-sender.ts'
import { MultiplayerError } from '../../src/multiplayer-error.ts'
import { type Packet, type SendOptions, TransferMode } from '../../src/services/multiplayer-peer/packet.ts'

describe('packets', () => {
  test('traffic comes back as it was written, with its size', () => {
    const packet = { channel: 3, target: 2, sequence: 70_000, to: -2147483647 }
    const bytes = encodeTraffic(packet, 500)
    expect(bytes.byteLength).toBe(500)
    expect(decodePacket(bytes)).toEqual({ kind: 'traffic', ...packet })
  })

  test('pings and pongs carry a time', () => {
    expect(decodePacket(encodePing({ kind: 'ping', time: 12.5 }))).toEqual({ kind: 'ping', time: 12.5 })
    expect(decodePacket(encodePing({ kind: 'pong', time: 0.25 }))).toEqual({ kind: 'pong', time: 0.25 })
  })

  test('what was changed, cut or is something else is not read', () => {
    const changed = encodeTraffic({ channel: 0, target: 0, sequence: 5, to: 0 }, 40)
    changed[39] = 6
    expect(decodePacket(changed)).toBeNull()
    expect(decodePacket(encodeTraffic({ channel: 0, target: 0, sequence: 5, to: 0 }, 40).subarray(0, 11))).toBeNull()
    expect(decodePacket(new Uint8Array())).toBeNull()
    expect(decodePacket(Uint8Array.of(9, 9, 9))).toBeNull()
  })
})

describe('sequence numbers', () => {
  const take = (numbers: number[]): string[] => {
    const window = new SequenceWindow()
    return numbers.map((number) => window.take(number))
  }

  test('rising numbers are next, with gaps too', () => {
    expect(take([0, 1, 2, 7, 8])).toEqual(['next', 'next', 'next', 'next', 'next'])
  })

  test('a lower number is late once, then a duplicate', () => {
    expect(take([0, 2, 1, 1, 2])).toEqual(['next', 'next', 'late', 'duplicate', 'duplicate'])
  })

  test('it goes on after thousands, and what is far too old is late', () => {
    const window = new SequenceWindow()
    for (let i = 0; i < 5000; i++) expect(window.take(i)).toBe('next')
    expect(window.take(4999)).toBe('duplicate')
    expect(window.take(4000)).toBe('duplicate')
    expect(window.take(10)).toBe('late')
    expect(window.take(5000)).toBe('next')
  })
})

describe('sending', () => {
  test('one packet on each channel to each kind of target, the chosen peer changing from round to round', () => {
    const sent: Required<SendOptions>[] = []
    const sender = new TrafficSender({
      send: (_data, { to = 0, mode = TransferMode.RELIABLE, channel = 0 }) => {
        sent.push({ to, mode, channel })
        return { sent: to > 0 ? 1 : to < 0 ? 2 : 3, dropped: 0, skipped: 0 }
      },
    })
    sender.sendRound([7, 8, 9])
    sender.sendRound([7, 8, 9])
    expect(sent).toHaveLength(2 * DEMO_CHANNELS.length * TARGET_KINDS.length)
    expect(sent.slice(0, 3).map(({ to }) => to)).toEqual([0, 7, -7])
    expect(sent.slice(15, 18).map(({ to }) => to)).toEqual([0, 8, -8])
    expect(sent.slice(9, 12)).toEqual([0, 7, -7].map((to) => ({ to, mode: TransferMode.RELIABLE, channel: 1 })))
    const counts = sender.tally().map(({ packets, expected }) => [packets, expected])
    expect(counts.slice(0, 3)).toEqual([
      [2, 6],
      [2, 2],
      [2, 4],
    ])
  })

  test('what is dropped, skipped and refused is counted, and what is no refusal is thrown', () => {
    const results = [{ sent: 1, dropped: 2, skipped: 3 }, new MultiplayerError('ERR_UNCONFIGURED', 'not open')]
    const sender = new TrafficSender({
      send: () => {
        const result = results.shift()
        if (result === undefined || result instanceof Error) throw result ?? new TypeError('a bug')
        return result
      },
    })
    expect(() => {
      sender.sendRound([2])
    }).toThrow('a bug')
    expect(sender.tally()[0]).toMatchObject({ expected: 1, dropped: 2, skipped: 3, refused: 0 })
    expect(sender.tally()[1]).toMatchObject({ expected: 0, refused: 1 })
  })

  test('without peers nothing is sent', () => {
    const sender = new TrafficSender({
      send: () => {
        throw new Error('sent')
      },
    })
    sender.sendRound([])
    expect(sender.tally()[0]).toMatchObject({ packets: 0 })
  })
})

describe('receiving', () => {
  const packet = (
    sequence: number,
    {
      to = 0,
      target = 0,
      index = 0,
      from = 2,
      ...rest
    }: { to?: number; target?: number; index?: number; from?: number; on?: number } = {},
  ): Packet => {
    const channel = DEMO_CHANNELS[rest.on ?? index]
    if (channel === undefined) throw new Error('no such channel')
    const data = encodeTraffic({ channel: index, target, sequence, to }, 20)
    return { peer: from, channel: channel.channel, mode: channel.mode, data }
  }

  test('each sender, channel and kind of target is counted for itself', () => {
    const receiver = new TrafficReceiver(5)
    receiver.take(packet(0))
    receiver.take(packet(1))
    receiver.take(packet(0, { from: 3 }))
    receiver.take(packet(0, { index: 4 }))
    receiver.take(packet(0, { target: 1, to: 5 }))
    receiver.take(packet(3, { target: 2, to: -2 }))
    expect(receiver.tally().map(({ from, channel, target, received }) => [from, channel, target, received])).toEqual([
      [2, 0, 0, 2],
      [3, 0, 0, 1],
      [2, 4, 0, 1],
      [2, 0, 1, 1],
      [2, 0, 2, 1],
    ])
  })

  test('duplicates do not count as received, late ones do', () => {
    const receiver = new TrafficReceiver(5)
    for (const sequence of [0, 2, 1, 2]) receiver.take(packet(sequence))
    expect(receiver.tally()).toEqual([
      { from: 2, channel: 0, target: 0, received: 3, duplicated: 1, outOfOrder: 1, bytes: 80, wrong: 0 },
    ])
  })

  test('a packet for somebody else, on another channel, or changed is wrong', () => {
    const receiver = new TrafficReceiver(5)
    receiver.take(packet(0, { target: 1, to: 6 }))
    receiver.take(packet(0, { target: 2, to: -5 }))
    receiver.take(packet(0, { index: 3, on: 0 }))
    receiver.take({ ...packet(0, { index: 2 }), data: Uint8Array.of(1, 2, 3) })
    expect(receiver.tally().map(({ channel, received, wrong }) => [channel, received, wrong])).toEqual([
      [0, 0, 1],
      [0, 0, 1],
      [3, 0, 1],
      [2, 0, 1],
    ])
  })

  test('pings are given back and not counted', () => {
    const receiver = new TrafficReceiver(5)
    const ping = { peer: 2, channel: 0, mode: TransferMode.RELIABLE, data: encodePing({ kind: 'ping', time: 1 }) }
    expect(receiver.take(ping)).toEqual({ kind: 'ping', time: 1 })
    expect(receiver.tally()).toEqual([])
  })
})

describe('waiting for what was sent', () => {
  const tally = (channel: number, expected: number, received: number) => ({
    sent: [{ channel, target: 0, packets: expected, expected, dropped: 0, skipped: 0, refused: 0 }],
    received: [{ from: 1, channel, target: 0, received, duplicated: 0, outOfOrder: 0, bytes: 0, wrong: 0 }],
  })

  test('it is complete at once when everything has arrived, and not before everyone has told', () => {
    const progress = new ArrivalProgress()
    expect(progress.isComplete([tally(0, 5, 5)], 2, 0)).toBe(false)
    expect(progress.isComplete([tally(0, 5, 5), tally(2, 5, 5)], 2, 1)).toBe(true)
  })

  test('missing unreliable packets are waited for until nothing new comes', () => {
    const progress = new ArrivalProgress()
    expect(progress.isComplete([tally(2, 5, 3)], 1, 0)).toBe(false)
    expect(progress.isComplete([tally(2, 5, 4)], 1, 299)).toBe(false)
    expect(progress.isComplete([tally(2, 5, 4)], 1, 598)).toBe(false)
    expect(progress.isComplete([tally(2, 5, 4)], 1, 599)).toBe(true)
  })

  test('missing reliable packets are never given up', () => {
    const progress = new ArrivalProgress()
    expect(progress.isComplete([tally(0, 5, 4)], 1, 0)).toBe(false)
    expect(progress.isComplete([tally(0, 5, 4)], 1, 100_000)).toBe(false)
  })
})
