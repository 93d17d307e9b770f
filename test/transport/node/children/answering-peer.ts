/* Answers one offer after the other over IPC, counts what arrives, and tells when a channel opens or the connection closes. */
import { NodePeerConnection } from '../../../../src/transport/node/node-peer-connection.ts'
import { ChannelState } from '../../../../src/transport/states.ts'
import { createGodotChannels, GODOT_CHANNELS } from '../../../support/connect.ts'
import type { FromPeer, ToPeer } from '../../../support/remote-peer.ts'

const tell = (message: FromPeer): void => {
  process.send?.(message)
}

let connection: NodePeerConnection | null = null

/** `closeWithChannel`: behaves as a mesh does, which drops a peer at the first channel that closes. */
function answer(closeWithChannel: boolean): NodePeerConnection {
  const made = new NodePeerConnection()
  const received = [0, 0, 0]
  let open = 0
  createGodotChannels(made).forEach((channel, index) => {
    channel.setReceiver(() => {
      received[index] = (received[index] ?? 0) + 1
    })
    channel.readyState$.subscribe((state) => {
      if (state === ChannelState.OPEN && ++open === GODOT_CHANNELS.length) tell({ is: 'open' })
      if (state === ChannelState.CLOSED && closeWithChannel) made.close()
    })
  })
  made.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
    made.setLocalDescription(type, sdp)
    tell({ is: 'description', type, sdp })
  })
  made.iceCandidateCreated$.subscribe((candidate) => {
    tell({ is: 'candidate', candidate })
  })
  made.connectionState$.subscribe({
    complete: () => {
      tell({ is: 'closed', received })
    },
  })
  return made
}

process.on('message', (message: ToPeer) => {
  if (message.is === 'description') {
    connection = answer(message.closeWithChannel)
    connection.setRemoteDescription(message.type, message.sdp)
  } else if (message.is === 'candidate') {
    connection?.addIceCandidate(message.candidate.media, message.candidate.index, message.candidate.name)
  } else {
    process.disconnect()
  }
})
