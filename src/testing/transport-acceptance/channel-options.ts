import type { DataChannelOptions } from '../../transport/data-channel.ts'
import { ChannelState, WriteMode } from '../../transport/states.ts'
import { connectPair } from '../connect-pair.ts'
import { assertEqual, assertThrows, assertTrue } from './assertions.ts'
import { collect, only, type Scenario } from './bench.ts'

const INVALID: Readonly<Record<string, DataChannelOptions>> = {
  'negotiated without id': { negotiated: true },
  'an id that is not negotiated': { id: 1 },
  'an id that is explicitly not negotiated': { negotiated: false, id: 1 },
  'a negative id': { negotiated: true, id: -1 },
  'id 65535': { negotiated: true, id: 65535 },
  'a fractional id': { negotiated: true, id: 1.5 },
  'id NaN': { negotiated: true, id: NaN },
  'both limits of reliability': { maxPacketLifeTime: 1, maxRetransmits: 1 },
  'both limits of reliability, of 0': { maxPacketLifeTime: 0, maxRetransmits: 0 },
  'a negative life time': { maxPacketLifeTime: -1 },
  'a life time beyond 16 bits': { maxPacketLifeTime: 65536 },
  'negative retransmissions': { maxRetransmits: -1 },
  'retransmissions beyond 16 bits': { maxRetransmits: 65536 },
  'a protocol beyond 65535 bytes': { protocol: 'p'.repeat(65536) },
}

export function channelOptionTests(scenario: Scenario): void {
  for (const [name, options] of Object.entries(INVALID)) {
    scenario(`${name} is refused`, (bench) => {
      const connection = bench.connection()
      assertThrows(() => connection.createDataChannel('x', options), name, 'ERR_INVALID_PARAMETER')
      assertThrows(
        () => {
          connection.createOffer()
        },
        'createOffer() after it',
        'ERR_UNCONFIGURED',
      )
    })
  }

  scenario('a label beyond 65535 bytes is refused', (bench) => {
    const connection = bench.connection()
    assertThrows(() => connection.createDataChannel('ä'.repeat(32768)), 'a long label', 'ERR_INVALID_PARAMETER')
  })

  scenario('an id that is taken is refused', (bench) => {
    const connection = bench.connection()
    connection.createDataChannel('first', { negotiated: true, id: 7 })
    assertThrows(
      () => connection.createDataChannel('second', { negotiated: true, id: 7 }),
      'id 7 again',
      'ERR_ALREADY_IN_USE',
    )
  })

  scenario('a channel tells its options', (bench) => {
    const connection = bench.connection()
    const plain = connection.createDataChannel('plain')
    assertEqual(
      [
        plain.label,
        plain.id,
        plain.ordered,
        plain.protocol,
        plain.negotiated,
        plain.maxPacketLifeTime,
        plain.maxRetransmits,
      ],
      ['plain', null, true, '', false, null, null],
      'a plain channel',
    )
    assertEqual(
      [plain.readyState, plain.writeMode, plain.bufferedAmount],
      [ChannelState.CONNECTING, WriteMode.BINARY, 0],
      'its state',
    )
    const other = connection.createDataChannel('other', {
      negotiated: true,
      id: 1000,
      ordered: false,
      maxRetransmits: 0,
      protocol: 'p',
    })
    assertEqual(
      [
        other.label,
        other.id,
        other.ordered,
        other.protocol,
        other.negotiated,
        other.maxPacketLifeTime,
        other.maxRetransmits,
      ],
      ['other', 1000, false, 'p', true, null, 0],
      'a channel with options',
    )
    assertEqual(connection.createDataChannel('third', { maxPacketLifeTime: 5 }).maxPacketLifeTime, 5, 'life time')
  })

  scenario('channels are made before the first description only', async (bench) => {
    const { a, b } = bench.pair()
    const offer = await bench.description(a, () => {
      a.createOffer()
    })
    assertThrows(() => a.createDataChannel('late'), 'a channel after the offer', 'ERR_UNCONFIGURED')
    await bench.description(b, () => {
      b.setRemoteDescription('offer', offer.sdp)
    })
    assertThrows(() => b.createDataChannel('late'), 'a channel after the answer', 'ERR_UNCONFIGURED')
  })

  scenario('initialize() comes first', (bench) => {
    const connection = bench.connection()
    connection.initialize({ iceServers: [] })
    connection.createDataChannel('x')
    assertThrows(
      () => {
        connection.initialize()
      },
      'initialize() with a channel',
      'ERR_ALREADY_IN_USE',
    )
    const other = bench.connection()
    assertThrows(
      () => {
        other.initialize({ iceServers: [{ urls: 'bogus' }] })
      },
      'a bad ICE server',
      'ERR_INVALID_PARAMETER',
    )
  })

  scenario('channels of every kind open with the same options on both sides, and carry messages', async (bench) => {
    const pair = await bench.openPair(
      {},
      { ordered: false },
      { maxRetransmits: 0 },
      { maxPacketLifeTime: 100 },
      { ordered: false, maxRetransmits: 3 },
    )
    for (const [index, channel] of pair.left.entries()) {
      channel.send(`${index}`)
      const other = pair.right[index]
      await bench.waitFor(() => other?.getAvailablePacketCount() === 1, `channel ${index} delivers`)
    }
  })

  scenario('a channel that is not negotiated is announced to the other side', async (bench) => {
    const pair = bench.pair()
    const channel = pair.a.createDataChannel('announced', { protocol: 'chat' })
    const received = collect(pair.b.dataChannelReceived$)
    connectPair(pair.a, pair.b)
    await bench.allOpen([channel, ...pair.left, ...pair.right])
    await bench.waitFor(() => received.length === 1, 'the other side receives the channel')
    const other = only(received)
    await bench.allOpen([other])
    assertEqual(
      [other.label, other.protocol, other.negotiated, other.id],
      ['announced', 'chat', false, channel.id],
      'the received channel',
    )
    assertTrue(channel.id !== null && channel.id !== 1, 'it has an id of its own')
    channel.send('ping')
    await bench.waitFor(() => other.getAvailablePacketCount() === 1, 'the other side gets a message')
    other.send('pong')
    await bench.waitFor(() => channel.getAvailablePacketCount() === 1, 'and can answer')
  })

  scenario('both sides may announce channels at once', async (bench) => {
    const pair = bench.pair([])
    const channels = [pair.a, pair.b].flatMap((side) => [side.createDataChannel('one'), side.createDataChannel('two')])
    const received = [pair.a, pair.b].map((side) => collect(side.dataChannelReceived$))
    connectPair(pair.a, pair.b)
    await bench.allOpen(channels)
    await bench.waitFor(() => received.every((list) => list.length === 2), 'each side receives two')
    assertEqual(new Set(channels.map((channel) => channel.id)).size, 4, 'different ids')
  })

  scenario('a channel that nobody wants is closed', async (bench) => {
    const pair = bench.pair()
    const unwanted = pair.a.createDataChannel('unwanted')
    await bench.open(pair)
    await bench.waitFor(() => unwanted.readyState === ChannelState.CLOSED, 'it is closed')
    assertEqual(
      pair.left.map((channel) => channel.readyState),
      [ChannelState.OPEN],
      'the others',
    )
  })

  scenario('a message on an id that the other side does not have disturbs no other channel', async (bench) => {
    const pair = bench.pair()
    const lonely = pair.a.createDataChannel('lonely', { negotiated: true, id: 9 })
    await bench.open(pair)
    await bench.allOpen([lonely])
    lonely.send('is anybody there?')
    await bench.settle()
    // libdatachannel closes that channel at its sender, browsers throw the message away.
    assertTrue([ChannelState.OPEN, ChannelState.CLOSED].includes(lonely.readyState), 'the channel is OPEN or CLOSED')
    pair.left[0]?.send('here I am')
    await bench.waitFor(() => pair.right[0]?.getAvailablePacketCount() === 1, 'the others deliver')
  })
}
