/** State of a {@link WebRTCPeerConnection}, with Godot's numbers (`WebRTCPeerConnection.ConnectionState`). */
export enum ConnectionState {
  NEW = 0,
  CONNECTING = 1,
  CONNECTED = 2,
  DISCONNECTED = 3,
  FAILED = 4,
  CLOSED = 5,
}

/** State of ICE, with W3C's names (`RTCIceConnectionState`); Godot has no such state. */
export type IceConnectionState = 'new' | 'checking' | 'connected' | 'completed' | 'disconnected' | 'failed' | 'closed'

/** ICE gathering state, with Godot's numbers (`WebRTCPeerConnection.GatheringState`, Godot 4). */
export enum GatheringState {
  NEW = 0,
  GATHERING = 1,
  COMPLETE = 2,
}

/** Signaling state, with Godot's numbers (`WebRTCPeerConnection.SignalingState`, Godot 4). */
export enum SignalingState {
  STABLE = 0,
  HAVE_LOCAL_OFFER = 1,
  HAVE_REMOTE_OFFER = 2,
  HAVE_LOCAL_PRANSWER = 3,
  HAVE_REMOTE_PRANSWER = 4,
  CLOSED = 5,
}

/** State of a {@link WebRTCDataChannel}, with Godot's numbers (`WebRTCDataChannel.ChannelState`). */
export enum ChannelState {
  CONNECTING = 0,
  OPEN = 1,
  CLOSING = 2,
  CLOSED = 3,
}

/** How {@link WebRTCDataChannel.putPacket} sends, with Godot's numbers (`WebRTCDataChannel.WriteMode`). */
export enum WriteMode {
  TEXT = 0,
  BINARY = 1,
}
