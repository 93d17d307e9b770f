import type { ChannelMessage } from '../../transport/data-channel.ts'
import { WriteMode } from '../../transport/states.ts'
import { assertEqual, assertThrows, assertTrue } from './assertions.ts'
import { collect, numbered, numberOf, type Scenario, upTo } from './bench.ts'

const decode = (data: Uint8Array): string => new TextDecoder().decode(data)

export function messageTests(scenario: Scenario): void {
  scenario('text, bytes and empty messages arrive as what they were sent, both ways', async (bench) => {
    const { left, right } = await bench.openChannel()
    const messages = [
      'text',
      'ünïcödé ☃ 𝒳',
      '',
      new Uint8Array(0),
      Uint8Array.of(0, 255, 128),
      '\0',
      new Uint8Array(1000).fill(7),
    ]
    for (const [from, to] of [
      [left, right],
      [right, left],
    ] as const) {
      const received: ChannelMessage[] = collect(to.message$)
      for (const message of messages) from.send(message)
      await bench.waitFor(() => received.length === messages.length, 'all arrive')
      const expected = messages.map((message) =>
        typeof message === 'string' ? { text: message } : { bytes: [...message] },
      )
      assertEqual(
        received.map(({ data, isText }) => (isText ? { text: decode(data) } : { bytes: [...data] })),
        expected,
        'what arrives',
      )
    }
  })

  scenario('messages of all sizes up to the limit arrive unchanged, one byte more is refused', async (bench) => {
    const { left, right } = await bench.openChannel()
    const limit = left.maxMessageSize
    assertTrue(limit >= 16384, `the limit is sensible (${limit})`)
    const received = collect(right.message$)
    const sizes = [1, 1023, 1024, 1199, 1200, 1201, 16383, 16384, 65535, 65536, limit - 1, limit].filter(
      (size) => size <= limit,
    )
    for (const [index, size] of sizes.entries()) {
      const message = Uint8Array.from({ length: size }, (_, offset) => offset * 31 + index)
      left.send(message)
      await bench.waitFor(() => received.length === index + 1, `a message of ${size} bytes arrives`)
      const data = received[index]?.data
      assertEqual(data?.byteLength, size, 'its size')
      assertTrue(data?.every((byte, offset) => byte === message[offset]) ?? false, `its ${size} bytes are the same`)
    }
    assertThrows(() => left.send(new Uint8Array(limit + 1)), 'one byte more', 'ERR_INVALID_PARAMETER')
    assertThrows(() => left.send('x'.repeat(limit + 1)), 'one character more', 'ERR_INVALID_PARAMETER')
    left.send('still open')
    await bench.waitFor(() => received.length === sizes.length + 1, 'the channel works after that')
  })

  scenario('anything but a string or bytes is refused', async (bench) => {
    const { left } = await bench.openChannel()
    for (const value of [null, undefined, 7, {}, [1], new ArrayBuffer(4), new DataView(new ArrayBuffer(4))]) {
      assertThrows(
        () => left.send(value as string),
        `send() of ${Object.prototype.toString.call(value)}`,
        'ERR_INVALID_PARAMETER',
      )
    }
  })

  scenario('the bytes are copied when they are sent, and only those of the view', async (bench) => {
    const { left, right } = await bench.openChannel()
    const buffer = Uint8Array.from({ length: 20 }, (_, index) => index)
    left.send(buffer.subarray(5, 8))
    buffer.fill(99)
    await bench.waitFor(() => right.getAvailablePacketCount() === 1, 'the message arrives')
    assertEqual([...right.getPacket()], [5, 6, 7], 'what arrives')
  })

  scenario('sending before the channel is open is refused', async (bench) => {
    const pair = bench.pair()
    for (const channel of [...pair.left, ...pair.right]) {
      assertThrows(() => channel.send('early'), 'send() before open', 'ERR_UNCONFIGURED')
      assertThrows(
        () => {
          channel.putPacket(Uint8Array.of(1))
        },
        'putPacket() before open',
        'ERR_UNCONFIGURED',
      )
    }
    await bench.open(pair)
  })

  scenario('each channel keeps its order', async (bench) => {
    const pair = await bench.openPair({}, {}, { maxRetransmits: 0 })
    const received = pair.right.map((channel) => collect(channel.message$))
    for (const value of upTo(300)) {
      for (const channel of pair.left) channel.send(numbered(value, 4 + ((value * 37) % 1000)))
    }
    await bench.waitFor(() => received.slice(0, 2).every((list) => list.length === 300), 'all reliable messages arrive')
    for (const list of received) {
      const numbers = list.map((message) => numberOf(message.data))
      assertEqual(
        numbers,
        [...numbers].sort((x, y) => x - y),
        'the order',
      )
    }
  })

  scenario('messages wait for a reader, then for getPacket()', async (bench) => {
    const { left, right } = await bench.openChannel()
    assertThrows(() => right.getPacket(), 'getPacket() of nothing', 'ERR_UNAVAILABLE')
    for (const text of ['a', 'b', 'c']) left.send(text)
    left.send(Uint8Array.of(100))
    await bench.waitFor(() => right.getAvailablePacketCount() === 4, 'four messages wait')
    assertEqual(
      [decode(right.getPacket()), right.wasStringPacket(), right.getAvailablePacketCount()],
      ['a', true, 3],
      'the first',
    )
    const taken: string[] = []
    right.setReceiver((data, isText) => {
      taken.push(`${isText ? 'text' : 'bytes'} ${decode(data)}`)
    })
    assertEqual(taken, ['text b', 'text c', 'bytes d'], 'what the receiver gets at once')
    const observed = collect(right.message$)
    left.send('to the receiver')
    await bench.waitFor(() => taken.length === 4, 'the receiver gets what follows')
    assertEqual(observed.length, 0, 'what the observable gets meanwhile')
    right.setReceiver(null)
    left.send('to the observable')
    await bench.waitFor(() => observed.length === 1, 'the observable gets what follows')
    assertEqual([taken.length, right.getAvailablePacketCount()], [4, 0], 'what the others got of it')
  })

  scenario('message$ gives what had waited to its first subscriber, and queues again without any', async (bench) => {
    const { left, right } = await bench.openChannel()
    left.send('waits')
    await bench.waitFor(() => right.getAvailablePacketCount() === 1, 'a message waits')
    const texts: string[] = []
    const subscription = right.message$.subscribe(({ data }) => texts.push(decode(data)))
    assertEqual(texts, ['waits'], 'what the subscriber gets at once')
    subscription.unsubscribe()
    left.send('queued')
    await bench.waitFor(() => right.getAvailablePacketCount() === 1, 'the next message waits')
    assertEqual(decode(right.getPacket()), 'queued', 'what waits')
  })

  scenario('putPacket() sends as the write mode says, and nothing if empty', async (bench) => {
    const { left, right } = await bench.openChannel()
    left.putPacket(new Uint8Array(0))
    left.putPacket(Uint8Array.of(65))
    left.writeMode = WriteMode.TEXT
    left.putPacket(Uint8Array.of(66))
    await bench.waitFor(() => right.getAvailablePacketCount() === 2, 'two arrive')
    const packets = [right, right].map((channel) => [decode(channel.getPacket()), channel.wasStringPacket()])
    assertEqual(
      packets,
      [
        ['A', false],
        ['B', true],
      ],
      'the packets',
    )
  })

  scenario('thousands of messages arrive', async (bench) => {
    const { left, right } = await bench.openChannel()
    const count = bench.transport.callsAreSlow === true ? 500 : 5000
    let expected = 0
    let disorder = 0
    right.setReceiver((data) => {
      if (numberOf(data) !== expected++) disorder++
    })
    for (const value of upTo(count)) left.send(numbered(value, 64))
    await bench.waitFor(() => expected === count, 'all arrive')
    assertEqual(disorder, 0, 'messages out of order')
  })
}
