import type { WebSocket } from 'ws'
import { type Clock } from '../../../clock.ts'
import { TokenBucket } from '../../lobby/server/token-bucket.ts'
import { AdoptedMessages, type ForeignPlace } from '../adapters/adopted-messages.ts'
import type { Hub } from '../hub/hub.ts'
import type { InspectorMessage } from '../wire/messages.ts'
import { parseInspectorMessages } from '../wire/parse.ts'
import { randomSource } from '../wire/this-place.ts'

/** Messages: a process with a few meshes tells a hundred a second, and a hundred thousand at once when somebody begins to look. */
const MESSAGES = { capacity: 200_000, perSecond: 20_000 }
/** Bytes: the facts of 64 meshes of 64 peers in one process are 10 MB a second. */
const BYTES = { capacity: 64 * 1024 * 1024, perSecond: 16 * 1024 * 1024 }

/** Other inspectors send each message in a frame of its own; ours are always in arrays. */
const ONE_OBJECT = /^\s*\{/

/** Leads what a reporter tells to the hub; also one that speaks as `@statelyai/inspect` or `@xstate/inspect` does. Who tells more than that is not read for a while: then its own buffers merge what it has to tell. */
export function serveReporter(hub: Hub, socket: WebSocket, clock: Clock, place: ForeignPlace): void {
  const source = hub.addSource({
    watch: (watch) => {
      socket.send(JSON.stringify(watch), () => undefined)
    },
  })
  const messageAllowance = new TokenBucket(MESSAGES.capacity, MESSAGES.perSecond, clock.now())
  const byteAllowance = new TokenBucket(BYTES.capacity, BYTES.perSecond, clock.now())
  const adopted = new AdoptedMessages(randomSource(), place)
  const read = (frame: string): readonly InspectorMessage[] | null => {
    if (ONE_OBJECT.test(frame)) return adopted.readFrame(frame)
    const parsed = parseInspectorMessages(frame)
    return parsed.ok ? parsed.messages : null
  }
  /** @returns whether there was enough of both; otherwise nothing is spent. */
  const spend = (count: number, bytes: number): boolean => {
    const now = clock.now()
    if (!messageAllowance.has(count, now) || !byteAllowance.has(bytes, now)) return false
    return messageAllowance.take(count, now) && byteAllowance.take(bytes, now)
  }
  let resuming: unknown
  socket.on('message', (data: Buffer, isBinary) => {
    const taken = isBinary ? null : read(data.toString())
    if (taken === null) hub.counters.drop('invalid')
    const messages = taken ?? []
    for (const message of messages) source.receive(message)

    if (socket.isPaused || spend(messages.length, data.length)) return
    socket.pause()
    const now = clock.now()
    resuming = clock.setTimeout(
      () => {
        spend(messages.length, data.length)
        socket.resume()
      },
      Math.max(messageAllowance.wait(messages.length, now), byteAllowance.wait(data.length, now)),
    )
  })
  socket.once('close', () => {
    clock.clearTimeout(resuming)
    source.gone()
  })
}
