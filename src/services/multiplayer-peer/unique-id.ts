/** Largest peer id: Godot's ids are positive 32-bit integers. */
export const MAX_PEER_ID = 2_147_483_647

/**
 * A random peer id from 2 to 2147483647 (1 is the server's). Godot mixes clocks and addresses; any uniform source is compatible, this one is
 * the platform's cryptographic one.
 */
export function generateUniqueId(): number {
  const words = new Uint32Array(1)
  for (;;) {
    crypto.getRandomValues(words)
    const id = (words[0] as number) & MAX_PEER_ID
    if (id > 1) return id
  }
}
