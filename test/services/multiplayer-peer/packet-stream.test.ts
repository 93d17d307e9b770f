import { describe, expect, test } from '@jest/globals'
import { PacketStream } from '../../../src/services/multiplayer-peer/packet-stream.ts'
import { type Packet, TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'

const packet = (peer: number): Packet => ({ peer, channel: 0, mode: TransferMode.RELIABLE, data: Uint8Array.of(peer) })
const nothing = () => undefined

/** What a new subscriber of the stream hears. */
function listen(stream: PacketStream, onPacket: (peer: number) => void = nothing) {
  const heard: (number | string)[] = []
  const subscription = stream.observable(nothing).subscribe({
    next: ({ peer }) => {
      heard.push(peer)
      onPacket(peer)
    },
    complete: () => heard.push('complete'),
  })
  return { heard, subscription }
}

describe('PacketStream', () => {
  test('everyone who is subscribed hears a packet, in order, and nobody else', () => {
    const stream = new PacketStream()
    expect(stream.observed).toBe(false)
    stream.next(packet(1))
    const [first, second] = [listen(stream), listen(stream)]
    expect(stream.observed).toBe(true)
    stream.next(packet(2))
    first.subscription.unsubscribe()
    stream.next(packet(3))
    second.subscription.unsubscribe()
    expect(stream.observed).toBe(false)
    expect([first.heard, second.heard]).toEqual([[2], [2, 3]])
  })

  test('who is subscribed is told when it is', () => {
    const stream = new PacketStream()
    const observed: boolean[] = []
    const subscription = stream.observable(() => observed.push(stream.observed)).subscribe()
    expect(observed).toEqual([true])
    subscription.unsubscribe()
  })

  test('a listener may subscribe and unsubscribe others while a packet is handed out', () => {
    const stream = new PacketStream()
    const late: ReturnType<typeof listen>[] = []
    listen(stream, () => {
      if (late.length === 0) late.push(listen(stream))
      removed.subscription.unsubscribe()
    })
    const removed = listen(stream)
    stream.next(packet(1))
    expect([late[0]?.heard, removed.heard]).toEqual([[], []])
    stream.next(packet(2))
    expect([late[0]?.heard, removed.heard]).toEqual([[2], []])
  })

  test('after its end it completes whoever comes', () => {
    const stream = new PacketStream()
    const before = listen(stream)
    stream.complete()
    stream.next(packet(1))
    expect([before.heard, listen(stream).heard]).toEqual([['complete'], ['complete']])
    expect(stream.observed).toBe(false)
  })
})
