import { assertEqual, assertTrue } from './assertions.ts'
import { type Scenario } from './bench.ts'

const MESSAGE = new Uint8Array(200_000)
/** 16 MB: more than any transport takes at once, and little enough to pass in a few seconds. */
const COUNT = 80

export function bufferingTests(scenario: Scenario): void {
  scenario('what was not taken yet is counted in bufferedAmount, and everything arrives', async (bench) => {
    const { left, right } = await bench.openChannel()
    let received = 0
    right.setReceiver((data) => {
      received += data.byteLength
    })
    const taken = Array.from({ length: COUNT }, () => left.send(MESSAGE))
    assertTrue(taken.includes(false), 'send() tells when a message waits')
    assertTrue(left.bufferedAmount > 0, 'bytes are buffered')
    assertTrue(left.bufferedAmount <= COUNT * MESSAGE.byteLength, 'no more than were sent')
    await bench.waitFor(() => received === COUNT * MESSAGE.byteLength, 'everything arrives')
    await bench.waitFor(() => left.bufferedAmount === 0, 'nothing is buffered in the end')
    assertEqual(left.send('x'), true, 'send() to an idle channel')
  })

  scenario('bufferedAmountLow$ tells when the threshold is reached', async (bench) => {
    const { left, right } = await bench.openChannel()
    right.setReceiver(() => undefined)
    left.bufferedAmountLowThreshold = 500_000
    assertEqual(left.bufferedAmountLowThreshold, 500_000, 'the threshold')
    const amounts: number[] = []
    left.bufferedAmountLow$.subscribe(() => {
      amounts.push(left.bufferedAmount)
    })
    for (let sent = 0; sent < COUNT; sent++) left.send(MESSAGE)
    assertEqual(amounts, [], 'signals within the calls')
    await bench.waitFor(() => amounts.length > 0, 'the signal comes')
    assertTrue(
      amounts.every((amount) => amount <= 500_000),
      'the amount is at or below the threshold',
    )
    await bench.waitFor(() => left.bufferedAmount === 0, 'the buffer drains')
    await bench.settle()
    assertEqual(amounts.length, 1, 'number of signals')
  })

  scenario('backpressure: sending on each signal keeps a stream going', async (bench) => {
    const { left, right } = await bench.openChannel()
    let [sent, received] = [0, 0]
    right.setReceiver(() => {
      received++
    })
    const fill = (): void => {
      while (sent < COUNT && left.bufferedAmount < 1_000_000) {
        left.send(MESSAGE)
        sent++
      }
    }
    left.bufferedAmountLow$.subscribe(fill)
    fill()
    await bench.waitFor(() => received === COUNT, 'everything arrives')
  })
}
