import { connectPair } from '../../src/testing/index.ts'
import type { PeerConnectionConstructor } from '../../src/transport/peer-connection.ts'
import { ChannelState } from '../../src/transport/states.ts'

/**
 * What libdatachannel, and so Godot, does with a message on an id that the other side does not have: the channel closes at its sender. (Browsers throw the message away, so the
 * acceptance suite leaves that open.) Rejects if it does not.
 */
export async function closesLonelyChannel(
  [A, B]: readonly [PeerConnectionConstructor, PeerConnectionConstructor],
  waitFor: (condition: () => boolean, what: string) => Promise<void>,
): Promise<void> {
  const [a, b] = [new A(), new B()]
  try {
    const ends = [a, b].map((side) => side.createDataChannel('shared', { negotiated: true, id: 1 }))
    const lonely = a.createDataChannel('lonely', { negotiated: true, id: 9 })
    connectPair(a, b)
    const all = [...ends, lonely]
    await waitFor(() => all.every(({ readyState }) => readyState === ChannelState.OPEN), 'all channels are open')
    lonely.send('is anybody there?')
    await waitFor(() => lonely.readyState === ChannelState.CLOSED, 'the lonely channel is closed')
    if (ends.some(({ readyState }) => readyState !== ChannelState.OPEN)) throw new Error('Another channel has closed.')
  } finally {
    a.close()
    b.close()
  }
}
