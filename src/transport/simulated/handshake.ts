import type { Clock } from '../../clock.ts'

/** What a handshake needs of the link that it runs over. */
export interface HandshakePort {
  readonly clock: Clock
  transmit(bytes: number, arrive: (remote: Handshake) => void): void
  /** Called once, when ICE has found the path. */
  checked(): void
  /** Called once, when this side may send. */
  complete(): void
}

/** One round trip for ICE's check, two for DTLS, two for SCTP. */
const ROUND_TRIPS = 5
/** A flight of the handshake, bytes; the certificates make real ones differ. */
const FLIGHT_BYTES = 600
/** ICE repeats its checks quickly. Milliseconds. */
const CHECK_INTERVAL = 50
/** DTLS and SCTP repeat a lost flight after 1 s, then after twice as long each time. Milliseconds. */
const FLIGHT_TIMEOUT = 1000

/** The round trips before an association is up; a lost packet costs as much time as it does in a real one. */
export class Handshake {
  readonly #port: HandshakePort
  #step = 0
  #timer: unknown = null
  #isChecked = false
  #isComplete = false

  constructor(port: HandshakePort) {
    this.#port = port
  }

  get isComplete(): boolean {
    return this.#isComplete
  }

  /** Called on the one side that drives it. */
  begin(): void {
    this.#request(CHECK_INTERVAL)
  }

  complete(): void {
    if (this.#isComplete) return
    this.#check()
    this.#isComplete = true
    this.stop()
    this.#port.complete()
  }

  stop(): void {
    this.#port.clock.clearTimeout(this.#timer)
  }

  #request(timeout: number): void {
    const step = this.#step
    this.#port.transmit(FLIGHT_BYTES, (remote) => {
      remote.#respond(step)
    })
    this.#timer = this.#port.clock.setTimeout(() => {
      this.#request(step === 0 ? CHECK_INTERVAL : timeout * 2)
    }, timeout)
  }

  #check(): void {
    if (this.#isChecked) return
    this.#isChecked = true
    this.#port.checked()
  }

  #respond(step: number): void {
    this.#check()
    this.#port.transmit(FLIGHT_BYTES, (remote) => {
      remote.#proceed(step)
    })
    if (step === ROUND_TRIPS - 1) this.complete()
  }

  #proceed(step: number): void {
    if (step !== this.#step || this.#isComplete) return
    this.stop()
    this.#check()
    this.#step++
    if (this.#step === ROUND_TRIPS) this.complete()
    else this.#request(FLIGHT_TIMEOUT)
  }
}
