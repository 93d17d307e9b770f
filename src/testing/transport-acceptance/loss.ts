import type { DataChannelOptions } from '../../transport/data-channel.ts'
import { assertEqual, assertTrue } from './assertions.ts'
import { type Bench, numbered, numberOf, type Scenario, upTo } from './bench.ts'
import type { LossyLink } from './transport-under-test.ts'

const COUNT = 150
const LOSS = 0.2

/** Sends messages at a pace over a lossy link, then one on a reliable channel without loss; returns the numbers that arrived until then. */
async function throughLoss(bench: Bench, makeLink: () => LossyLink, options: DataChannelOptions): Promise<number[]> {
  const link = makeLink()
  try {
    const pair = bench.pair([options, {}], (configuration) => link.create(configuration))
    await bench.open(pair, link.rewrite === undefined ? {} : { rewrite: link.rewrite })
    const [left, leftMark] = pair.left
    const [right, rightMark] = pair.right
    const numbers: number[] = []
    right?.setReceiver((data) => {
      numbers.push(numberOf(data))
    })
    link.setLoss(LOSS)
    for (const value of upTo(COUNT)) {
      left?.send(numbered(value, 200))
      await bench.transport.wait(5)
    }
    link.setLoss(0)
    assertTrue(link.lost > COUNT * LOSS * 0.3, `the link has lost packets (${link.lost})`)
    leftMark?.send('end')
    await bench.waitFor(() => rightMark?.getAvailablePacketCount() === 1, 'the mark arrives')
    const isReliable = options.maxRetransmits === undefined && options.maxPacketLifeTime === undefined
    if (isReliable) await bench.waitFor(() => numbers.length >= COUNT, 'everything arrives')
    await bench.transport.wait(1000)
    for (const connection of [pair.a, pair.b]) connection.close()
    return numbers
  } finally {
    link.close()
  }
}

const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b)

export function lossTests(scenario: Scenario, makeLink: () => LossyLink): void {
  scenario('a reliable ordered channel loses nothing and keeps the order', async (bench) => {
    assertEqual(await throughLoss(bench, makeLink, {}), upTo(COUNT), 'what arrives')
  })

  scenario('a reliable unordered channel loses nothing', async (bench) => {
    assertEqual(ascending(await throughLoss(bench, makeLink, { ordered: false })), upTo(COUNT), 'what arrives')
  })

  for (const options of [{ maxRetransmits: 0 }, { maxPacketLifeTime: 1 }]) {
    scenario(
      `an ordered channel with ${JSON.stringify(options)} loses some, keeps the order of the others and repeats none`,
      async (bench) => {
        const numbers = await throughLoss(bench, makeLink, options)
        assertEqual(numbers, [...new Set(ascending(numbers))], 'the order')
        assertSomeWereLost(numbers)
      },
    )

    scenario(`an unordered channel with ${JSON.stringify(options)} loses some and repeats none`, async (bench) => {
      const numbers = await throughLoss(bench, makeLink, { ...options, ordered: false })
      assertEqual(new Set(numbers).size, numbers.length, 'different messages')
      assertSomeWereLost(numbers)
    })
  }
}

function assertSomeWereLost(numbers: readonly number[]): void {
  assertTrue(numbers.length < COUNT, `some are lost (${numbers.length} of ${COUNT} arrived)`)
  assertTrue(numbers.length > COUNT / 4, `many arrive (${numbers.length} of ${COUNT} arrived)`)
}
