/** Signalling of one connection of a WebRTCMultiplayerPeer. @returns what takes the other side's signals. */
export function signalled(connection, sendSignal) {
  connection.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
    connection.setLocalDescription(type, sdp)
    sendSignal({ type, sdp })
  })
  connection.iceCandidateCreated$.subscribe(({ media, name }) => sendSignal({ candidate: name, mid: media }))
  return ({ type, sdp, candidate, mid }) =>
    sdp === undefined ? connection.addIceCandidate(mid, 0, candidate) : connection.setRemoteDescription(type, sdp)
}
