import { WebRTCMultiplayerPeer, WebRTCPeerConnection } from 'webrtc-multiplayer'

function pass(from, to) {
  from.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
    from.setLocalDescription(type, sdp)
    to.setRemoteDescription(type, sdp)
  })
  from.iceCandidateCreated$.subscribe(({ media, index, name }) => to.addIceCandidate(media, index, name))
}

/** Two meshes meet in this page, and one sends the other a packet. */
async function meet() {
  const alice = new WebRTCMultiplayerPeer()
  const bob = new WebRTCMultiplayerPeer()
  alice.createMesh(1)
  bob.createMesh(2)
  const toBob = new WebRTCPeerConnection({ iceServers: [] })
  const toAlice = new WebRTCPeerConnection({ iceServers: [] })
  alice.addPeer(toBob, 2)
  bob.addPeer(toAlice, 1)
  pass(toBob, toAlice)
  pass(toAlice, toBob)
  alice.peerConnected$.subscribe((peer) => alice.send(Uint8Array.of(1, 2, 3), { to: peer }))
  toBob.createOffer()
  for await (const { peer, mode, data } of bob.packets()) {
    await Promise.all([alice.close(), bob.close()])
    return { peer, mode, data: [...data] }
  }
  return null
}

globalThis.outcome = meet()
