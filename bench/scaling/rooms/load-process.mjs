/** All peers: clients of the lobby as applications have them, over real sockets. Only their WebRTC is simulated, on a network in memory whose time goes with the clock on the wall. */
import { joinLobby } from '../../../dist/lobby.js'
import { SimulatedNetwork } from '../../../dist/testing/index.js'
import { serve } from '../../harness/processes.mjs'
import { quantile } from '../../harness/stats.mjs'
import { countedWebSocket } from './counted-web-socket.mjs'

/** Rooms that fill at a time: the joins that are under way, since those of one room come one after the other. */
const ROOMS_AT_A_TIME = 32
/** Milliseconds that a packet of the simulated network is under way. */
const LATENCY = 20
/** Milliseconds between two steps of the simulated network's time. */
const STEP = 2
/** Milliseconds without another connection after which those still missing do not come, and for the server's answers: a busy machine makes all of this slow, not wrong. */
const PATIENCE = 60_000
/** Milliseconds without a message after which none is under way. */
const QUIET = 300

const sockets = countedWebSocket()
const network = new SimulatedNetwork({ latency: LATENCY })
const start = performance.now()
setInterval(() => network.clock.advance(performance.now() - start - network.clock.now()), STEP)

const members = []
let connected = 0
let lastConnected = 0
let verdicts = []

async function join(server, place, options) {
  const { PeerConnection } = network.host(place)
  const began = performance.now()
  const member = await joinLobby(server, {
    ...options,
    WebSocket: sockets.WebSocket,
    PeerConnection,
    timeout: PATIENCE,
  })
  const took = performance.now() - began
  members.push(member)
  member.verdicts$.subscribe(({ message }) => verdicts.push(message))
  member.peer.peerConnected$.subscribe(() => {
    connected++
    lastConnected = performance.now()
  })
  return { took, lobby: member.lobby }
}

/** Members of a room are at all servers in turn. */
async function fill(room, { size, mode, servers }) {
  const times = []
  const host = await join(servers[room % servers.length], `${room}-0`, { create: true, mode })
  times.push(host.took)
  for (let i = 1; i < size; i++) {
    const server = servers[(room + i) % servers.length]
    times.push((await join(server, `${room}-${i}`, { lobby: host.lobby })).took)
  }
  return times
}

async function fillAll({ rooms, ...room }) {
  const times = []
  let next = 0
  const worker = async () => {
    while (next < rooms) times.push(...(await fill(next++, room)))
  }
  await Promise.all(Array.from({ length: ROOMS_AT_A_TIME }, worker))
  return times
}

async function allConnected(ends) {
  lastConnected = performance.now()
  while (connected < ends && performance.now() - lastConnected < PATIENCE) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** The last candidates come when everyone is connected already. */
async function quiet() {
  for (let before = -1; before !== sockets.counts.received;) {
    before = sockets.counts.received
    await new Promise((resolve) => setTimeout(resolve, QUIET))
  }
}

serve({
  async leave() {
    await Promise.all(members.splice(0).map((member) => member.leave()))
  },
  /** Fills all rooms, and waits until everyone is connected with everyone in its room whom it has to do with. */
  async join({ rooms, size, mode, servers }) {
    connected = 0
    verdicts = []
    sockets.reset()
    const began = performance.now()
    const times = await fillAll({ rooms, size, mode, servers })
    const joined = performance.now() - began
    const ends = rooms * (size - 1) * (mode === 'mesh' ? size : 2)
    await allConnected(ends)
    await quiet()
    return {
      joined,
      formed: lastConnected - began,
      missing: ends - connected,
      verdicts: verdicts.slice(0, 3),
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      ...sockets.counts,
    }
  },
})
process.once('disconnect', () => process.exit(0))
