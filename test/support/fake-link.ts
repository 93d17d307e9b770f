import { BehaviorSubject } from 'rxjs'
import type { LinkPort } from '../../src/machines/link-port.ts'
import type { PeerCloseReason, PeerState } from '../../src/machines/peer-state.ts'
import { ChannelState, ConnectionState } from '../../src/transport/states.ts'

/** A link without a transport: a test moves its states by hand and sees what the machine reports to it. */
export class FakeLink implements LinkPort {
  readonly connectionState$ = new BehaviorSubject(ConnectionState.NEW)
  readonly channelStates$: BehaviorSubject<ChannelState>[]
  /** As Godot's three channels: reliable, ordered, unreliable. */
  readonly lossy = [false, true, true]
  readonly entries: PeerState[] = []
  reason: PeerCloseReason | undefined
  released = 0
  /** Thrown out of `entered` when the machine enters this state. */
  throwOn: PeerState | undefined

  constructor() {
    this.channelStates$ = this.lossy.map(() => new BehaviorSubject<ChannelState>(ChannelState.CONNECTING))
  }

  entered(state: PeerState, reason?: PeerCloseReason): void {
    this.entries.push(state)
    this.reason = reason
    if (state === this.throwOn) throw new Error(`planted in ${state}`)
  }

  release(): void {
    this.released++
  }

  connection(state: ConnectionState): void {
    this.connectionState$.next(state)
  }

  channel(index: number, state: ChannelState): void {
    this.channelStates$[index]?.next(state)
  }

  open(): void {
    this.connection(ConnectionState.CONNECTED)
    this.channelStates$.forEach((_, index) => {
      this.channel(index, ChannelState.OPEN)
    })
  }
}
