import { merge, Subject } from 'rxjs'
import type { CloseGracefullyOptions } from '../../../src/transport/peer-connection.ts'
import type { SimulatedHost } from '../../../src/transport/simulated/simulated-host.ts'
import { SimulatedPeerConnection } from '../../../src/transport/simulated/simulated-peer-connection.ts'
import { ConnectionState } from '../../../src/transport/states.ts'

/**
 * A simulated connection that counts how often it was let go, and that can be said to be DISCONNECTED and to have healed, as a browser's is when the network fails for some seconds. The simulated
 * ones, as Node's, end with DISCONNECTED.
 */
export class SteeredConnection extends SimulatedPeerConnection {
  /** Calls of `close` and `closeGracefully`. */
  letGo = 0
  readonly #said = new Subject<ConnectionState>()
  #isDisconnected = false
  #isClosing = false

  constructor(host: SimulatedHost) {
    super(host)
    Object.defineProperty(this, 'connectionState$', { value: merge(this.connectionState$, this.#said) })
    this.connectionState$.subscribe((state) => {
      if (state === ConnectionState.CLOSED) this.#said.complete()
    })
  }

  override get connectionState(): ConnectionState {
    const connectionState: ConnectionState = super.connectionState
    // The base class asks before there are fields of this one.
    return #isDisconnected in this && this.#isDisconnected && connectionState === ConnectionState.CONNECTED
      ? ConnectionState.DISCONNECTED
      : connectionState
  }

  waver(): void {
    this.#isDisconnected = true
    this.#said.next(ConnectionState.DISCONNECTED)
  }

  heal(): void {
    this.#isDisconnected = false
    this.#said.next(ConnectionState.CONNECTED)
  }

  /** Closes it behind the back of whoever owns it. */
  end(): void {
    super.close()
  }

  override close(): void {
    if (!this.#isClosing) this.letGo++
    super.close()
  }

  override closeGracefully(options?: CloseGracefullyOptions): Promise<void> {
    this.letGo++
    this.#isClosing = true
    return super.closeGracefully(options)
  }
}
