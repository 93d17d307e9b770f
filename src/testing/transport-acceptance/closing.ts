import { ChannelState, ConnectionState, SignalingState } from '../../transport/states.ts'
import { assertEqual, assertThrows, assertTrue } from './assertions.ts'
import { collect, numbered, numberOf, type Scenario, SOME_CANDIDATE, upTo } from './bench.ts'

const { NEW, CONNECTED, CLOSED } = ConnectionState

export function closingTests(scenario: Scenario): void {
  for (const closer of ['offering', 'answering'] as const) {
    scenario(`a channel closed by the ${closer} side closes on both sides; others live on`, async (bench) => {
      const pair = await bench.openPair({}, {})
      const [near, far] = closer === 'offering' ? [pair.left, pair.right] : [pair.right, pair.left]
      const completed: string[] = []
      far[0]?.message$.subscribe({ complete: () => completed.push('far') })
      near[0]?.message$.subscribe({ complete: () => completed.push('near') })
      near[0]?.close()
      assertThrows(() => near[0]?.send('late'), 'send() on a closing channel', 'ERR_UNCONFIGURED')
      await bench.waitFor(
        () => far[0]?.readyState === ChannelState.CLOSED && near[0]?.readyState === ChannelState.CLOSED,
        'both sides are closed',
      )
      await bench.waitFor(() => completed.length === 2, 'message$ completes on both sides')
      assertThrows(() => far[0]?.send('late'), 'send() on a closed channel', 'ERR_UNCONFIGURED')
      far[1]?.send('still here')
      await bench.waitFor(() => near[1]?.getAvailablePacketCount() === 1, 'the other channel delivers')
      assertEqual([pair.a.connectionState, pair.b.connectionState], [CONNECTED, CONNECTED], 'connection states')
    })

    scenario(`a connection closed by the ${closer} side closes on the other; its channels too`, async (bench) => {
      const pair = await bench.openPair({}, { maxRetransmits: 0, ordered: false })
      const [near, far] = closer === 'offering' ? [pair.a, pair.b] : [pair.b, pair.a]
      const states = collect(near.connectionState$)
      near.close()
      assertEqual(near.connectionState, CLOSED, 'connection state right after close()')
      assertEqual(states.at(-1), CLOSED, 'what connectionState$ gave within close()')
      await bench.waitFor(() => far.connectionState !== CONNECTED, 'the other side notices')
      const channels = [...pair.left, ...pair.right]
      await bench.waitFor(
        () => channels.every((channel) => channel.readyState === ChannelState.CLOSED),
        'all channels close',
      )
      await bench.waitFor(() => far.connectionState === CLOSED, 'the other side ends up CLOSED')
    })
  }

  scenario('messages sent before the close of a channel arrive before it', async (bench) => {
    const { left, right } = await bench.openChannel()
    const numbers: number[] = []
    right.setReceiver((data) => {
      numbers.push(numberOf(data))
    })
    for (const value of upTo(300)) left.send(numbered(value, 1000))
    await bench.waitFor(() => numbers.length === 300, 'all arrive')
    left.close()
    await bench.waitFor(() => right.readyState === ChannelState.CLOSED, 'the other side is closed')
    assertEqual(numbers, upTo(300), 'what arrives')
  })

  scenario('what waits unread stays readable after the close', async (bench) => {
    const { a, left, right } = await bench.openChannel()
    left.send('last words')
    await bench.waitFor(() => right.getAvailablePacketCount() === 1, 'a message waits')
    a.close()
    await bench.waitFor(() => right.readyState === ChannelState.CLOSED, 'the other side is closed')
    assertEqual(new TextDecoder().decode(right.getPacket()), 'last words', 'the message')
  })

  scenario('closeGracefully() lets everything arrive first', async (bench) => {
    const { a, b, left, right } = await bench.openChannel()
    const numbers: number[] = []
    right.setReceiver((data) => {
      numbers.push(numberOf(data))
    })
    const count = bench.transport.backlog ?? 2000
    for (const value of upTo(count)) left.send(numbered(value, 1000))
    const closing = settled(a.closeGracefully({ timeout: 10_000 }))
    assertEqual(a.connectionState, CONNECTED, 'connection state meanwhile')
    await bench.waitFor(() => numbers.length === count, 'everything arrives')
    await bench.waitFor(() => right.readyState === ChannelState.CLOSED, 'the other side notices')
    b.close()
    await bench.waitFor(closing.isDone, 'closeGracefully() resolves')
    assertEqual([a.connectionState, b.connectionState], [CLOSED, CLOSED], 'connection states')
    assertEqual(numbers, upTo(count), 'what arrived')
  })

  scenario(
    'closeGracefully() is bounded by its timeout, returns one promise and works in every state',
    async (bench) => {
      const { a, left } = await bench.openChannel()
      for (let sent = 0; sent < 40; sent++) left.send(new Uint8Array(200_000))
      const promise = a.closeGracefully({ timeout: 1 })
      assertTrue(promise === a.closeGracefully({ timeout: 60_000 }), 'the second call returns the same promise')
      const closing = settled(promise)
      await bench.waitFor(closing.isDone, 'it resolves')
      assertEqual(a.connectionState, CLOSED, 'connection state')
      const idle = bench.connection()
      await bench.waitFor(settled(idle.closeGracefully()).isDone, 'it resolves for a new connection')
      assertEqual(idle.connectionState, CLOSED, 'connection state of a new connection')
    },
  )

  scenario('close() may be called in every state and again', async (bench) => {
    const fresh = bench.connection()
    const channel = fresh.createDataChannel('x')
    fresh.close()
    fresh.close()
    assertEqual(fresh.connectionState, CLOSED, 'a new connection')
    await bench.waitFor(() => channel.readyState === ChannelState.CLOSED, 'its channel closes')
    channel.close()
    const { offerer, offer } = await bench.offer()
    offerer.close()
    const answerer = bench.connection()
    answerer.setRemoteDescription('offer', offer.sdp)
    answerer.close()
    await bench.settle()
    assertEqual(
      [offerer.connectionState, answerer.connectionState],
      [CLOSED, CLOSED],
      'connections in the middle of signaling',
    )
  })

  scenario('a channel may be closed before it opens', async (bench) => {
    const pair = bench.pair([{}, {}])
    pair.left[0]?.close()
    pair.left[0]?.close()
    await bench.waitFor(() => pair.left[0]?.readyState === ChannelState.CLOSED, 'it is closed')
    assertEqual(pair.a.connectionState, NEW, 'connection state')
  })

  scenario('after close() every method throws or does nothing', async (bench) => {
    const { a, left } = await bench.openChannel()
    const { offer } = await bench.offer()
    a.close()
    assertThrows(() => a.createDataChannel('late'), 'createDataChannel()', 'ERR_UNCONFIGURED')
    assertThrows(
      () => {
        a.createOffer()
      },
      'createOffer()',
      'ERR_UNCONFIGURED',
    )
    assertThrows(
      () => {
        a.setLocalDescription('offer', offer.sdp)
      },
      'setLocalDescription()',
      'ERR_UNCONFIGURED',
      'ERR_INVALID_PARAMETER',
    )
    assertThrows(
      () => {
        a.setRemoteDescription('offer', offer.sdp)
      },
      'setRemoteDescription()',
      'ERR_UNCONFIGURED',
    )
    assertThrows(
      () => {
        a.initialize()
      },
      'initialize()',
      'ERR_ALREADY_IN_USE',
      'ERR_UNCONFIGURED',
    )
    a.addIceCandidate(SOME_CANDIDATE.media, 0, SOME_CANDIDATE.name)
    assertThrows(() => left.send('late'), 'send()', 'ERR_UNCONFIGURED')
    a.poll()
    a.stats()
    left.poll()
    left.close()
    left.setReceiver(null)
    assertEqual([left.getAvailablePacketCount(), left.bufferedAmount >= 0], [0, true], 'the channel')
    await bench.waitFor(
      () => a.signalingState === SignalingState.CLOSED && left.readyState === ChannelState.CLOSED,
      'all states are CLOSED',
    )
    await bench.waitFor(settled(a.closeGracefully()).isDone, 'closeGracefully() resolves')
  })

  scenario('dispose closes', async (bench) => {
    const { a, b } = await bench.openChannel()
    a[Symbol.dispose]()
    assertEqual(a.connectionState, CLOSED, 'connection state')
    await bench.waitFor(() => b.connectionState === CLOSED, 'the other side notices')
  })

  scenario('nothing is emitted after CLOSED', async (bench) => {
    const pair = bench.pair()
    const signals: string[] = []
    let isClosed = false
    const note = (name: string) => () => {
      if (isClosed) signals.push(name)
    }
    pair.a.sessionDescriptionCreated$.subscribe(note('description'))
    pair.a.iceCandidateCreated$.subscribe(note('candidate'))
    pair.a.dataChannelReceived$.subscribe(note('channel'))
    pair.a.createOffer()
    pair.a.close()
    isClosed = true
    await bench.settle()
    assertEqual(signals, [], 'signals')
  })
}

/** Whether a promise has settled, for `waitFor`. */
function settled(promise: Promise<unknown>): { isDone: () => boolean } {
  let done = false
  void promise.then(() => {
    done = true
  })
  return { isDone: () => done }
}
