import type { Clock } from '../../../clock.ts'
import type { PassedPacket } from '../../multiplayer-peer/passed-packet.ts'
import type { InspectableMesh } from '../recorder/inspectable.ts'
import type { Recorder } from '../recorder/recorder.ts'
import type { Teller } from '../recorder/teller.ts'

/** Packets of one mesh that are told of in a second; a game's server passes a thousand times as many. */
const PACKETS_PER_SECOND = 100
/** Bytes of a packet's content that are told. */
const CONTENT = 256

/** Tells of packets, one by one, as long as they are not too many. */
export class PacketTeller {
  readonly #teller: Teller
  readonly #recorder: Recorder
  readonly #clock: Clock
  readonly #mesh: InspectableMesh
  readonly #withContent: boolean
  #secondEnds = -Infinity
  #told = 0
  #skipped = 0

  constructor(teller: Teller, recorder: Recorder, clock: Clock, mesh: InspectableMesh, withContent: boolean) {
    this.#teller = teller
    this.#recorder = recorder
    this.#clock = clock
    this.#mesh = mesh
    this.#withContent = withContent
  }

  tell({ direction, peer, channel, mode, data }: PassedPacket): void {
    const sessionId = this.#recorder.sessionIdOf(this.#mesh.actor)
    if (sessionId === undefined || !this.#hasRoom()) return
    const skipped = this.#skipped
    this.#skipped = 0
    this.#teller.tell({
      type: 'webrtc.packet',
      ...this.#teller.stamp(),
      sessionId,
      group: this.#recorder.groupOf(this.#mesh.actor),
      uniqueId: this.#mesh.uniqueId,
      direction,
      peer,
      channel,
      mode,
      size: data.byteLength,
      ...(this.#withContent && { data: btoa(String.fromCharCode(...data.subarray(0, CONTENT))) }),
      ...(skipped > 0 && { skipped }),
    })
  }

  #hasRoom(): boolean {
    const now = this.#clock.now()
    if (now >= this.#secondEnds) {
      this.#secondEnds = now + 1_000
      this.#told = 0
    }
    if (this.#told === PACKETS_PER_SECOND) {
      this.#skipped++
      return false
    }
    this.#told++
    return true
  }
}
