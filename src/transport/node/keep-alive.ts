/**
 * Native objects that the library may still call. The wrappers of node-datachannel are garbage-collected while their connection lives if nothing
 * else refers to them: measured, one open event in sixty was lost that way, always at the first collection. So each is held here
 * from its creation until its last native event.
 */
const alive = new Set<Closable>()

interface Closable {
  close(): void
}

/** Holds a native object until {@link letGo}. */
export function keepAlive(native: Closable): void {
  alive.add(native)
}

/** The native object has given its last event. */
export function letGo(native: Closable): void {
  alive.delete(native)
}

/** How many native objects have not given their last event; 0 when everything is closed and gone. For tests. */
export function countAlive(): number {
  return alive.size
}

/** Closes whatever is alive, channels of course before their connection is gone. For tests. */
export function closeAlive(): void {
  for (const native of [...alive].reverse()) native.close()
}
