import { BrowserPeerConnection } from '../../../src/transport/browser/browser-peer-connection.ts'
import { connectPair } from '../../../src/testing/connect-pair.ts'
import { ChannelState } from '../../../src/transport/states.ts'
import { waitFor } from '../../support/real-time.ts'
import { Member, type Signal } from '../member.ts'

/** What the test process uses of this page. */
export interface MemberPage {
  readonly member: Member
  /** Connects and closes pairs of connections one after the other; returns how many opened. */
  cycle(count: number): Promise<number>
}

declare global {
  var sendSignal: (to: number, signal: Signal) => void
  var memberPage: MemberPage
}

globalThis.memberPage = {
  member: new Member(BrowserPeerConnection, (to, signal) => {
    globalThis.sendSignal(to, signal)
  }),
  cycle: async (count) => {
    let opened = 0
    for (let index = 0; index < count; index++) {
      const [a, b] = [new BrowserPeerConnection(), new BrowserPeerConnection()]
      const channels = [a, b].map((side) => side.createDataChannel('x', { negotiated: true, id: 1 }))
      connectPair(a, b)
      await waitFor(() => channels.every((channel) => channel.readyState === ChannelState.OPEN), `pair ${index} opens`)
      opened++
      a.close()
      b.close()
    }
    return opened
  },
}
