/**
 * A whole mesh in one process, the raw loop beside ours in turn: wall time until every channel of every connection is open, and the longest block of the event loop.
 * Raw is node-datachannel with
 * the stall of one second avoided in two ways: offers as a=setup:active, the quickest, which loses a connect now and then that begins anew after 1.5 s, and
 * with the offering side's candidates held back, as ours does.
 * `node bench/mesh.mjs [--sizes 16,32] [--rounds 5] [--json]`
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { WebRTCMultiplayerPeer, WebRTCPeerConnection } from '../dist/index.js'
import { rawEnd } from './harness/contestants.mjs'
import { goal, median, spread, table } from './harness/stats.mjs'

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '16,32' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean' },
  },
})
const sizes = values.sizes.split(',').map(Number)
const rounds = Number(values.rounds)
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Each pair once; a turn of the event loop between two, as connections come from a network one by one. */
async function eachPair(size, connect) {
  for (let a = 1; a <= size; a++) {
    for (let b = a + 1; b <= size; b++) {
      connect(a, b)
      await turn()
    }
  }
}

/** Milliseconds after which a raw connect begins anew: some in a hundred are lost to a race inside the native library. */
const RAW_PATIENCE = 1_500

async function rawPair(ends, way) {
  const left = rawEnd({ sendSignal: (signal) => setImmediate(() => right.signal(signal)), ...way })
  const right = rawEnd({ sendSignal: (signal) => setImmediate(() => left.signal(signal)) })
  ends.push(left, right)
  left.offer()
  let timer
  const late = new Promise((resolve) => (timer = setTimeout(resolve, RAW_PATIENCE, 'late')))
  const result = await Promise.race([Promise.all([left.opened, right.opened]), late])
  clearTimeout(timer)
  return result === 'late' ? 1 + (await rawPair(ends, way)) : 0
}

async function rawMesh(size, way) {
  const ends = []
  const opened = []
  await eachPair(size, () => opened.push(rawPair(ends, way)))
  const again = (await Promise.all(opened)).reduce((a, b) => a + b)
  return { again, close: () => Promise.all(ends.map((end) => end.close())) }
}

const builders = {
  'raw, active': (size) => rawMesh(size, { active: true }),
  'raw, held': (size) => rawMesh(size, { held: true }),
  async ours(size) {
    const meshes = Array.from({ length: size }, (_, i) => {
      const mesh = new WebRTCMultiplayerPeer()
      mesh.createMesh(i + 1)
      return mesh
    })
    let announced = 0
    const formed = new Promise((resolve) => {
      for (const mesh of meshes) mesh.peerConnected$.subscribe(() => ++announced === size * (size - 1) && resolve())
    })
    await eachPair(size, (a, b) => {
      const ends = [new WebRTCPeerConnection(), new WebRTCPeerConnection()]
      meshes[a - 1].addPeer(ends[0], b)
      meshes[b - 1].addPeer(ends[1], a)
      ends.forEach((from, i) => {
        const to = ends[1 - i]
        from.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
          from.setLocalDescription(type, sdp)
          setImmediate(() => to.setRemoteDescription(type, sdp))
        })
        from.iceCandidateCreated$.subscribe(({ media, index, name }) =>
          setImmediate(() => to.addIceCandidate(media, index, name)),
        )
      })
      ends[0].createOffer()
    })
    await formed
    return { again: 0, close: () => Promise.all(meshes.map((mesh) => mesh.close({ immediate: true }))) }
  },
}

const CONTESTANTS = Object.keys(builders)
const seen = {}
for (const size of sizes) {
  seen[size] = Object.fromEntries(CONTESTANTS.map((contestant) => [contestant, []]))
  for (let round = 0; round < rounds; round++) {
    for (const contestant of round % 2 ? CONTESTANTS.toReversed() : CONTESTANTS) {
      const delay = monitorEventLoopDelay({ resolution: 1 })
      delay.enable()
      const start = performance.now()
      const limit = setTimeout(() => {
        console.error(`${contestant}: a mesh of ${size} did not form in 60 s`)
        process.exit(1)
      }, 60_000)
      const { again, close } = await builders[contestant](size)
      clearTimeout(limit)
      const wall = performance.now() - start
      delay.disable()
      seen[size][contestant].push({ wall, block: delay.max / 1e6, again })
      await close()
    }
  }
}

const pick = (list, key) => list.map((entry) => entry[key])
const rows = sizes.flatMap((size) =>
  CONTESTANTS.map((contestant) => ({
    mesh: `${size} (${(size * (size - 1)) / 2} connections)`,
    contestant,
    'wall ms': spread(pick(seen[size][contestant], 'wall')),
    'begun anew': spread(pick(seen[size][contestant], 'again')),
    'longest block ms': spread(pick(seen[size][contestant], 'block'), 1),
  })),
)
const goals = sizes.flatMap((size) => [
  ...CONTESTANTS.slice(0, 2).map((raw) =>
    goal(
      `mesh of ${size}, wall, ours / ${raw}`,
      median(pick(seen[size].ours, 'wall')) / median(pick(seen[size][raw], 'wall')),
      1.3,
    ),
  ),
  goal(`mesh of ${size}, longest block ms of all rounds, ours`, Math.max(...pick(seen[size].ours, 'block')), 50),
])
if (values.json) console.log(JSON.stringify({ rows, goals }))
else {
  for (const part of [rows, goals]) {
    table(part)
    console.log()
  }
}
