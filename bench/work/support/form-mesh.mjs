/** Everyone connects with everyone, in this process. */

/** Milliseconds after which a raw connect whose candidate was refused begins anew: that is a race inside the native library, and it never opens. */
const REFUSED = 1_500
/** Milliseconds after which any raw connect begins anew: some are lost and nothing tells of it. */
const SILENT = 5_000
/** Milliseconds after which a connect that its library does not give up counts as lost. */
const LOST = 20_000
/** Milliseconds between two looks at a connect that has not opened yet. */
const LOOK = 250

const turn = () => new Promise((resolve) => setImmediate(resolve))

/**
 * Signals reach the other side in the next turn of the event loop; between two connects that begin is a turn too, as they come from a network one by one.
 *
 * @returns `peers`, and `again`: connects that had to begin anew.
 */
export async function formMesh({ createPeer }, variant, size) {
  const peers = Array.from({ length: size }, (_, i) => createPeer({ id: i + 1, variant, topology: 'mesh' }))
  const connects = []
  for (let a = 1; a <= size; a++) {
    for (let b = a + 1; b <= size; b++) {
      connects.push(connect(peers, a, b))
      await turn()
    }
  }
  const again = (await Promise.all(connects)).reduce((sum, times) => sum + times, 0)
  return { peers, again }
}

/** @returns how often it began anew. */
async function connect(peers, a, b) {
  const left = end(peers, 'offer', a, b, (signal) => right.signal(signal))
  const right = end(peers, 'answer', b, a, (signal) => left.signal(signal))
  left.start()
  const opened = Promise.all([left.opened, right.opened]).then(() => true)
  for (const start = performance.now(); ;) {
    if (await Promise.race([opened, later()])) return 0
    const waited = performance.now() - start
    if (waited > LOST) throw new Error(`${a} and ${b} did not connect within ${LOST / 1000} s`)
    // Only raw connections can be closed alone, and have to be: this package does that by itself.
    if (left.close !== undefined && waited > ((left.failed ?? right.failed) === undefined ? SILENT : REFUSED)) break
  }
  await Promise.all([left.close(), right.close()])
  return 1 + (await connect(peers, a, b))
}

const end = (peers, role, id, peerId, signal) =>
  peers[id - 1].connect({ role, peerId, sendSignal: (value) => setImmediate(() => signal(value)) })

const later = () => new Promise((resolve) => setTimeout(resolve, LOOK, false))
