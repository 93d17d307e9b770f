/** To a viewer, and nobody else: this many messages were left out before what follows, since it could not keep up. What there is now is told in full. */
export interface MissedMessage {
  readonly type: 'webrtc.missed'
  readonly count: number
}
