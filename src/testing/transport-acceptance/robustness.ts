import { ChannelState, ConnectionState } from '../../transport/states.ts'
import { connectPair } from '../connect-pair.ts'
import { assertEqual } from './assertions.ts'
import { collect, type Scenario } from './bench.ts'

/** What subscribers threw is reported on a later turn by `setTimeout`; this catches it there, where a test runner would see a failure. */
async function catchingUncaught(run: () => Promise<void>): Promise<string[]> {
  const messages: string[] = []
  const original = globalThis.setTimeout
  globalThis.setTimeout = ((callback: (...args: unknown[]) => void, delay?: number, ...args: unknown[]) =>
    original(() => {
      try {
        callback(...args)
      } catch (error) {
        messages.push(error instanceof Error ? error.message : String(error))
      }
    }, delay)) as typeof setTimeout
  try {
    await run()
    await new Promise((resolve) => original(resolve))
  } finally {
    globalThis.setTimeout = original
  }
  return messages
}

export function robustnessTests(scenario: Scenario): void {
  scenario('a receiver that throws does not stop what follows', async (bench) => {
    const { left, right } = await bench.openChannel()
    let count = 0
    const uncaught = await catchingUncaught(async () => {
      right.setReceiver(() => {
        count++
        throw new Error(`receiver ${count}`)
      })
      for (const text of ['a', 'b', 'c']) left.send(text)
      await bench.waitFor(() => count === 3, 'all messages reach the receiver')
      right.setReceiver(null)
    })
    assertEqual(uncaught, ['receiver 1', 'receiver 2', 'receiver 3'], 'what is reported as uncaught')
    left.send('d')
    await bench.waitFor(() => right.getAvailablePacketCount() === 1, 'the channel works after it')
  })

  scenario('subscribers that throw do not stop the connection', async (bench) => {
    const pair = bench.pair()
    let isArmed = true
    const fail = (): void => {
      if (isArmed) throw new Error('subscriber')
    }
    let messages: unknown[] = []
    const uncaught = await catchingUncaught(async () => {
      for (const side of [pair.a, pair.b]) {
        side.connectionState$.subscribe(fail)
        side.gatheringState$.subscribe(fail)
        side.sessionDescriptionCreated$.subscribe(fail)
        side.iceCandidateCreated$.subscribe(fail)
      }
      for (const channel of [...pair.left, ...pair.right]) channel.readyState$.subscribe(fail)
      await bench.open(pair)
      pair.right[0]?.message$.subscribe(fail)
      messages = collect(pair.right[0]?.message$ ?? { subscribe: fail })
      pair.left[0]?.send('x')
      await bench.waitFor(() => messages.length === 1, 'the other subscriber gets the message')
      isArmed = false
    })
    assertEqual([...new Set(uncaught)], ['subscriber'], 'what is reported as uncaught')
    assertEqual(
      [pair.a.connectionState, pair.b.connectionState],
      [ConnectionState.CONNECTED, ConnectionState.CONNECTED],
      'connection states',
    )
  })

  scenario('a subscriber may close the connection from within any signal', async (bench) => {
    for (const moment of ['description', 'candidate', 'connecting', 'connected', 'open', 'message'] as const) {
      const pair = bench.pair()
      const close = (): void => {
        pair.a.close()
      }
      const [channel] = pair.left
      if (moment === 'description') pair.a.sessionDescriptionCreated$.subscribe(close)
      if (moment === 'candidate') pair.a.iceCandidateCreated$.subscribe(close)
      if (moment === 'open')
        channel?.readyState$.subscribe((state) => {
          if (state === ChannelState.OPEN) close()
        })
      if (moment === 'message') channel?.setReceiver(close)
      pair.a.connectionState$.subscribe((state) => {
        if (moment === 'connecting' && state === ConnectionState.CONNECTING) close()
        if (moment === 'connected' && state === ConnectionState.CONNECTED) close()
      })
      pair.right[0]?.readyState$.subscribe((state) => {
        if (moment === 'message' && state === ChannelState.OPEN) pair.right[0]?.send('x')
      })
      connectPair(pair.a, pair.b)
      await bench.waitFor(() => pair.a.connectionState === ConnectionState.CLOSED, `it is closed on ${moment}`)
      pair.b.close()
      await bench.settle()
    }
  })

  scenario('many connections at once', async (bench) => {
    const pairs = Array.from({ length: 10 }, () => bench.pair())
    await Promise.all(pairs.map((pair) => bench.open(pair)))
    for (const pair of pairs) pair.left[0]?.send('hello')
    await bench.waitFor(() => pairs.every((pair) => pair.right[0]?.getAvailablePacketCount() === 1), 'all deliver')
  })
}
