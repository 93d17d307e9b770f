/** Godot's `MultiplayerPeer.TransferMode`, with its numbers. */
export enum TransferMode {
  /** May be lost, may arrive out of order. */
  UNRELIABLE = 0,
  /** May be lost, arrives in order. */
  UNRELIABLE_ORDERED = 1,
  /** Arrives, in order. */
  RELIABLE = 2,
}

/** A packet as it arrived. */
export interface Packet {
  /** Id of the peer that sent it. */
  readonly peer: number
  /** 0 for the three default channels, from 1 on the extra ones of `channelsConfig`. */
  readonly channel: number
  readonly mode: TransferMode
  /** The bytes, yours to keep. One packet is one SCTP message; nothing was framed around it. */
  readonly data: Uint8Array
}

/** Where and how {@link WebRTCMultiplayerPeer.send} sends. */
export interface SendOptions {
  /** 0: everyone, an id: that peer, a negative id: everyone but that peer. Default 0. */
  to?: number
  /** Which of the three default channels; ignored if `channel` is above 0, as an extra channel has one fixed mode. Default RELIABLE. */
  mode?: TransferMode
  /** 0, or from 1 on an extra channel of `channelsConfig`. Default 0. */
  channel?: number
}

/** What became of a packet that was sent, in numbers of peers. */
export interface SendResult {
  /** Given to the transport. */
  readonly sent: number
  /** Dropped because too much waits already on that peer's unreliable channel. */
  readonly dropped: number
  /** Not sent because that peer's channel is not open: not yet (in a broadcast), or not any more, the peer being about to be reported gone. */
  readonly skipped: number
}
