import type { Observable } from 'rxjs'
import { ChannelInbox } from './channel-inbox.ts'
import { isReliable, type ResolvedChannelOptions } from './channel-options.ts'
import type { ChannelMessage, MessageReceiver, WebRTCDataChannel } from './data-channel.ts'
import { type ChannelState, WriteMode } from './states.ts'

/** What data channels have in common on every transport: what they were created with, and how messages are read. */
export abstract class BaseDataChannel implements WebRTCDataChannel {
  readonly label: string
  readonly ordered: boolean
  readonly protocol: string
  readonly negotiated: boolean
  readonly maxPacketLifeTime: number | null
  readonly maxRetransmits: number | null
  readonly message$: Observable<ChannelMessage>
  writeMode = WriteMode.BINARY

  abstract readonly readyState$: Observable<ChannelState>
  abstract readonly bufferedAmountLow$: Observable<void>
  abstract bufferedAmountLowThreshold: number

  /** Takes what arrives. */
  protected readonly inbox: ChannelInbox

  constructor(label: string, options: ResolvedChannelOptions) {
    this.label = label
    this.ordered = options.ordered
    this.protocol = options.protocol
    this.negotiated = options.negotiated
    this.maxPacketLifeTime = options.maxPacketLifeTime
    this.maxRetransmits = options.maxRetransmits
    this.inbox = new ChannelInbox({
      reliable: isReliable(options),
      onOverflow: () => {
        this.close()
      },
    })
    this.message$ = this.inbox.message$
  }

  abstract get id(): number | null
  abstract get maxMessageSize(): number
  abstract get readyState(): ChannelState
  abstract get bufferedAmount(): number
  abstract send(data: Uint8Array | string): boolean
  abstract close(): void

  get droppedMessages(): number {
    return this.inbox.dropped
  }

  setReceiver(receiver: MessageReceiver | null): void {
    this.inbox.setReceiver(receiver)
  }

  putPacket(packet: Uint8Array): void {
    if (packet instanceof Uint8Array && packet.byteLength === 0) return
    this.send(
      this.writeMode === WriteMode.TEXT && packet instanceof Uint8Array ? new TextDecoder().decode(packet) : packet,
    )
  }

  getPacket(): Uint8Array {
    return this.inbox.getPacket()
  }

  getAvailablePacketCount(): number {
    return this.inbox.available
  }

  wasStringPacket(): boolean {
    return this.inbox.lastWasText
  }

  poll(): void {
    // Godot has it; everything arrives by itself here.
  }
}
