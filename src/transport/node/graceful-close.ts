import { ChannelState } from '../states.ts'
import type { NodeDataChannel } from './node-data-channel.ts'
import { isReliable } from '../channel-options.ts'

/** How often the send buffers are looked at while they drain. */
const DRAIN_CHECK = 5

/**
 * What was sent within this time may still be under way, or wait in a Godot that polls 60 times a second and drops what it has not read when a
 * channel closes: measured there, 50 of 1000 packets were read with an immediate close, 1000 of 1000 with 50 ms of pause.
 */
const LINGER = 100

/** libdatachannel's SCTP send buffer, which its `bufferedAmount` does not count. */
const SCTP_SEND_BUFFER = 1024 * 1024

/** The part of a connection that closing gracefully needs. */
export interface GracefullyClosable {
  readonly channels: readonly NodeDataChannel[]
  /** Resolves when the connection has closed, whoever closed it. */
  readonly closed: Promise<void>
  roundTripTime(): number | null
}

/**
 * Lets what was sent arrive, then closes a reliable channel, by which the other side notices: SCTP resets a stream only after its data. The other
 * channels stay, because many peers drop everything at the first channel that closes. Returns when the other side has closed
 * the connection, or when the time is over.
 */
export async function closeGracefully(connection: GracefullyClosable, timeout: number): Promise<void> {
  const waiter = new BoundedWaiter(connection.closed, timeout)
  try {
    const channels = connection.channels.filter((channel) => channel.readyState === ChannelState.OPEN)
    for (const channel of channels) channel.stopSending()
    await waiter.sleep(await drain(channels, waiter))
    await waiter.sleep(remainingLinger(channels, connection.roundTripTime()))
    closeFirst(channels)
    if (channels.length > 0) await waiter.sleep(timeout)
  } finally {
    waiter.stop()
  }
}

/** Waits until nothing is buffered in this process; returns how long what is then still in SCTP's buffer may take. */
async function drain(channels: readonly NodeDataChannel[], waiter: BoundedWaiter): Promise<number> {
  const buffered = (): number => channels.reduce((sum, channel) => sum + channel.bufferedAmount, 0)
  const atStart = buffered()
  const started = performance.now()
  while (buffered() > 0 && !waiter.over) await waiter.sleep(DRAIN_CHECK)
  return atStart === 0 ? 0 : ((performance.now() - started) / atStart) * SCTP_SEND_BUFFER
}

function remainingLinger(channels: readonly NodeDataChannel[], roundTripTime: number | null): number {
  const lastSent = Math.max(0, ...channels.map((channel) => channel.lastSentAt))
  const since = Math.max(0, Date.now() - lastSent)
  return Math.max(LINGER, 2 * (roundTripTime ?? 0)) - since
}

function closeFirst(channels: readonly NodeDataChannel[]): void {
  const byId = channels.toSorted((a, b) => (a.id ?? Infinity) - (b.id ?? Infinity))
  const first = byId.find(isReliable) ?? byId[0]
  first?.closeNative()
}

/** Waits that all end when the connection closes or the whole time is over. */
class BoundedWaiter {
  over = false
  #wake: (() => void) | null = null
  readonly #limit: ReturnType<typeof setTimeout>

  constructor(closed: Promise<void>, timeout: number) {
    this.#limit = setTimeout(() => {
      this.stop()
    }, timeout)
    void closed.then(() => {
      this.stop()
    })
  }

  async sleep(milliseconds: number): Promise<void> {
    if (this.over || milliseconds <= 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = null
  }

  stop(): void {
    this.over = true
    clearTimeout(this.#limit)
    this.#wake?.()
  }
}
