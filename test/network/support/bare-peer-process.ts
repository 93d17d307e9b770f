// One bare connection in a process of its own, run in a network namespace. What it makes goes to the test by IPC, and what it is to take comes that way.
import { combineLatest, filter, take } from 'rxjs'
import { NodePeerConnection } from '../../../src/transport/node/node-peer-connection.ts'
import { ChannelState } from '../../../src/transport/states.ts'
import { createGodotChannels } from '../../support/connect.ts'
import type { BarePeerNews, BarePeerOrder } from './bare-peer-messages.ts'

const tell = (news: BarePeerNews): void => {
  process.send?.(news)
}

let connection: NodePeerConnection | null = null
let send: (text: string) => void = () => undefined

function start({ iceServers, offers }: Extract<BarePeerOrder, { do: 'start' }>): void {
  const own = new NodePeerConnection({ iceServers })
  connection = own
  const channels = createGodotChannels(own)
  own.sessionDescriptionCreated$.subscribe((description) => {
    own.setLocalDescription(description.type, description.sdp)
    tell({ is: 'described', description })
  })
  own.iceCandidateCreated$.subscribe((candidate) => {
    tell({ is: 'candidate', candidate })
  })
  const [reliable] = channels
  reliable.message$.subscribe(({ data }) => {
    tell({ is: 'received', text: new TextDecoder().decode(data) })
  })
  send = (text) => {
    reliable.send(text)
  }
  combineLatest(channels.map((channel) => channel.readyState$))
    .pipe(
      filter((states) => states.every((state) => state === ChannelState.OPEN)),
      take(1),
    )
    .subscribe(() => {
      tell({ is: 'open', pair: own.stats().selectedCandidatePair })
    })
  if (offers) own.createOffer()
}

process.on('message', (order: BarePeerOrder) => {
  switch (order.do) {
    case 'start':
      start(order)
      break
    case 'describe':
      connection?.setRemoteDescription(order.description.type, order.description.sdp)
      break
    case 'candidate':
      connection?.addIceCandidate(order.candidate.media, order.candidate.index, order.candidate.name)
      break
    case 'send':
      send(order.text)
      break
    case 'close':
      connection?.close()
      process.disconnect()
      break
  }
})
tell({ is: 'ready' })
