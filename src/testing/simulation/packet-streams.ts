import type { DeliveryEntry, HistoryEntry, HistoryLayer, SendEntry } from './history-entry.ts'
import { type OrderKind, matchPackets, orderOf } from './match-packets.ts'
import { Presence } from './presence.ts'

/** An entry and its place. */
export interface Placed<Entry> {
  readonly entry: Entry
  readonly index: number
}

/** What one name had from one peer, over one connection, on one channel and in one mode. */
export interface PacketStream {
  readonly layer: HistoryLayer
  /** Who received. */
  readonly on: string
  readonly connection: number
  readonly order: OrderKind
  /** When the sender was announced to the receiver; when the first packet came, if it was not. */
  readonly since: number
  readonly deliveries: readonly Placed<DeliveryEntry>[]
  /** What explains them best of all that was sent: in the layer `mesh` over one connection, in the layer `api` by one name. */
  readonly sends: readonly SendEntry[]
  /** For each delivery its place in `sends`; -1 where nothing explains it. */
  readonly places: readonly number[]
}

type Mutable = Omit<PacketStream, 'sends' | 'places' | 'order'> & { deliveries: Placed<DeliveryEntry>[] }

const cache = new WeakMap<readonly HistoryEntry[], { readonly length: number; readonly streams: PacketStream[] }>()

/** Every stream of packets in a history. */
export function packetStreams(entries: readonly HistoryEntry[]): PacketStream[] {
  const known = cache.get(entries)
  if (known?.length === entries.length) return known.streams
  const sends = new SentPackets(entries)
  const streams = collect(entries).map((stream) => explain(stream, sends))
  cache.set(entries, { length: entries.length, streams })
  return streams
}

/** What was sent, so that it is found by where it goes. */
class SentPackets {
  readonly #byRoute = new Map<string, Map<string, SendEntry[]>>()

  constructor(entries: readonly HistoryEntry[]) {
    for (const entry of entries) {
      if (entry.kind !== 'send') continue
      const { layer, self, on, connection } = entry
      const source = layer === 'mesh' ? String(connection) : on
      const sources = childOf(this.#byRoute, routeOf(entry, self), () => new Map<string, SendEntry[]>())
      childOf(sources, source, () => []).push(entry)
    }
  }

  /** All that could have come to whom this delivery came, from each source in turn. */
  candidates(delivery: DeliveryEntry): SendEntry[][] {
    const sources = this.#byRoute.get(routeOf(delivery, delivery.from)) ?? new Map<string, SendEntry[]>()
    // A broadcast is for all others; only what was sent to oneself by id comes back, through a server.
    const isOwn = delivery.from === delivery.self
    return [...sources.values()].map((sent) => sent.filter(({ to }) => covers(to, delivery.self) && (to > 0 || !isOwn)))
  }
}

function collect(entries: readonly HistoryEntry[]): Mutable[] {
  const presence = new Presence()
  const streams = new Map<string, Mutable>()
  entries.forEach((entry, index) => {
    presence.take(entry)
    if (entry.kind !== 'deliver') return
    const { on, layer, connection, from } = entry
    const key = `${routeOf(entry, from)} ${on} ${connection}`
    const since = presence.get(layer, on)?.known.get(from)?.since ?? entry.at
    childOf(streams, key, () => ({ layer, on, connection, since, deliveries: [] })).deliveries.push({ entry, index })
  })
  return [...streams.values()]
}

function explain(stream: Mutable, sent: SentPackets): PacketStream {
  const [first] = stream.deliveries
  const order = orderOf((first as Placed<DeliveryEntry>).entry.mode, stream.layer)
  const labels = stream.deliveries.map(({ entry }) => entry.packet)
  let best: Pick<PacketStream, 'sends' | 'places'> = { sends: [], places: labels.map(() => -1) }
  let most = 0
  for (const sends of sent.candidates((first as Placed<DeliveryEntry>).entry)) {
    const { places, explained } = matchPackets(labels, sends, order)
    // Of those that explain as little, the one that has sent such packets at all.
    const merit = explained + places.filter((place) => place >= 0).length / (labels.length + 1)
    if (merit <= most) continue
    most = merit
    best = { sends, places }
    if (explained === labels.length) break
  }
  return { ...stream, order, ...best }
}

/** Whether a target means that peer. */
export function covers(to: number, id: number): boolean {
  return to > 0 ? to === id : -to !== id
}

function routeOf({ layer, channel, mode }: SendEntry | DeliveryEntry, from: number): string {
  return `${layer} ${from} ${channel} ${mode}`
}

function childOf<Key, Child>(parent: Map<Key, Child>, key: Key, make: () => Child): Child {
  let child = parent.get(key)
  if (child === undefined) {
    child = make()
    parent.set(key, child)
  }
  return child
}
