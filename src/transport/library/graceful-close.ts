import { ChannelState } from '../states.ts'
import type { LibraryDataChannel } from './library-data-channel.ts'
import { isReliable } from '../channel-options.ts'

/** How often the send buffers are looked at while they drain. */
const DRAIN_CHECK = 5

/**
 * What was sent within this time may still be under way, or wait in a Godot that polls 60 times a second and drops what it has not read when a
 * channel closes: measured there, 50 of 1000 packets were read with an immediate close, 1000 of 1000 with 50 ms of pause.
 */
const LINGER = 100

/** The SCTP send buffer of libdatachannel and of Firefox, which `bufferedAmount` does not count. Chromium's counts all. */
const SCTP_SEND_BUFFER = 1024 * 1024

/** The part of a connection that closing gracefully needs. */
export interface GracefullyClosable {
  readonly channels: readonly LibraryDataChannel[]
  /** The other side is a peer of this library, which lets every reliable channel deliver what it holds before it drops anything. */
  readonly remoteIsOurs: boolean
  /** This side made the offer. */
  readonly isOfferer: boolean
  /** Resolves when the other side has closed the connection or, by itself, a channel: then it hears nothing any more. */
  readonly remoteIsGone: Promise<void>
  roundTripTime(): number | null
}

/**
 * Lets what was sent arrive, then closes channels, by which the other side notices: SCTP resets a stream only after its data. Returns when the other
 * side has closed the connection in turn, or when the time is over.
 */
export async function closeGracefully(connection: GracefullyClosable, timeout: number): Promise<void> {
  const waiter = new BoundedWaiter(connection.remoteIsGone, timeout)
  // Browsers tell it one question late.
  connection.roundTripTime()
  try {
    const channels = connection.channels.filter((channel) => channel.readyState === ChannelState.OPEN)
    for (const channel of channels) channel.stopSending()
    await waiter.sleep(await drain(channels, waiter))
    await waiter.sleep(remainingLinger(channels, connection.roundTripTime()))
    if (!waiter.over) for (const channel of channelsToClose(connection, channels)) channel.closeNative()
    if (channels.length > 0) await waiter.sleep(timeout)
  } finally {
    waiter.stop()
  }
}

/** Waits until nothing is buffered in this process; returns how long what is then still in SCTP's buffer may take. */
async function drain(channels: readonly LibraryDataChannel[], waiter: BoundedWaiter): Promise<number> {
  const buffered = (): number => channels.reduce((sum, channel) => sum + channel.unsent, 0)
  const atStart = buffered()
  const started = performance.now()
  while (buffered() > 0 && !waiter.over) await waiter.sleep(DRAIN_CHECK)
  return atStart === 0 ? 0 : ((performance.now() - started) / atStart) * SCTP_SEND_BUFFER
}

function remainingLinger(channels: readonly LibraryDataChannel[], roundTripTime: number | null): number {
  const lastSent = Math.max(-Infinity, ...channels.map((channel) => channel.lastSentAt))
  const since = Math.max(0, performance.now() - lastSent)
  return Math.max(LINGER, 2 * (roundTripTime ?? 0)) - since
}

/**
 * Which channels say goodbye. Godot and others drop everything at the first channel that closes: there it is the first reliable one alone. A
 * peer of this library waits for every reliable channel. If both sides close at once, neither would see the other's goodbye on a channel that it
 * has closed itself; so the answering side keeps its lossy channels open, and sees it there.
 */
function channelsToClose(
  { remoteIsOurs, isOfferer }: GracefullyClosable,
  channels: readonly LibraryDataChannel[],
): readonly LibraryDataChannel[] {
  const reliable = channels.filter(isReliable).sort((a, b) => (a.id ?? Infinity) - (b.id ?? Infinity))
  if (!remoteIsOurs || reliable.length === 0) return [...reliable, ...channels].slice(0, 1)
  return isOfferer ? [...reliable, ...channels.filter((channel) => !isReliable(channel))] : reliable
}

/** Waits that all end with the given promise, or when the whole time is over. */
class BoundedWaiter {
  over = false
  #wake: (() => void) | null = null
  readonly #limit: ReturnType<typeof setTimeout>

  constructor(end: Promise<void>, timeout: number) {
    this.#limit = setTimeout(() => {
      this.stop()
    }, timeout)
    void end.then(() => {
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
