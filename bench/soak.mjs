/**
 * Connects and closes again and again in one process, then lets the process end by itself; several processes in turn.
 * `node bench/soak.mjs [--cycles 200] [--runs 20] [--json]`
 */
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { WebRTCMultiplayerPeer, WebRTCPeerConnection } from '../dist/index.js'
import { goal, spread, table } from './harness/stats.mjs'

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '200' },
    runs: { type: 'string', default: '20' },
    json: { type: 'boolean' },
    child: { type: 'boolean' },
  },
})

const descriptors = () => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0)
const megabytes = () => process.memoryUsage.rss() / 2 ** 20

async function cycle() {
  const meshes = [1, 2].map((id) => {
    const mesh = new WebRTCMultiplayerPeer()
    mesh.createMesh(id)
    return mesh
  })
  const ends = [new WebRTCPeerConnection(), new WebRTCPeerConnection()]
  meshes.forEach((mesh, i) => mesh.addPeer(ends[i], 2 - i))
  ends.forEach((from, i) => {
    const to = ends[1 - i]
    from.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
      from.setLocalDescription(type, sdp)
      to.setRemoteDescription(type, sdp)
    })
    from.iceCandidateCreated$.subscribe(({ media, index, name }) => to.addIceCandidate(media, index, name))
  })
  const opened = Promise.all(meshes.map((mesh) => new Promise((resolve) => mesh.peerConnected$.subscribe(resolve))))
  ends[0].createOffer()
  const timer = new Promise((resolve) => setTimeout(resolve, 15_000, 'lost').unref())
  const result = await Promise.race([opened, timer])
  await Promise.all(meshes.map((mesh) => mesh.close({ immediate: true })))
  for (const mesh of meshes) mesh[Symbol.dispose]()
  return result !== 'lost'
}

/** Descriptors close on the native library's threads, a little after the last event. */
async function backTo(base) {
  for (let i = 0; i < 100 && descriptors() > base; i++) await new Promise((resolve) => setTimeout(resolve, 20))
  return descriptors()
}

if (values.child) {
  // First the library's threads, its buffers and the compiler's code, which come once (10 cycles), then the young generation of V8's heap, which grows to
  // its working size of about 30 MB in the first hundred cycles. Growth is counted from both moments.
  for (let i = 0; i < 10; i++) await cycle()
  const young = megabytes()
  for (let i = 0; i < 100; i++) await cycle()
  const base = { fds: descriptors(), rss: megabytes() }
  let lost = 0
  for (let i = 0; i < Number(values.cycles); i++) if (!(await cycle())) lost++
  const fds = await backTo(base.fds)
  process.stdout.write(
    JSON.stringify({ lost, fds: fds - base.fds, growth: megabytes() - base.rss, fromTenth: megabytes() - young }),
  )
} else {
  const results = []
  for (let run = 0; run < Number(values.runs); run++) {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), '--child', '--cycles', values.cycles])
    let output = ''
    let printed = 0
    child.stdout.on('data', (data) => {
      output += data
      printed = performance.now()
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), 300_000)
    const code = await new Promise((resolve) => child.on('close', resolve))
    clearTimeout(timer)
    const seen = output === '' ? { lost: Number(values.cycles), fds: 0, growth: 0, fromTenth: 0 } : JSON.parse(output)
    results.push({ ...seen, code, exit: performance.now() - printed })
  }
  const pick = (key) => results.map((result) => result[key])
  const rows = [
    {
      runs: results.length,
      cycles: values.cycles,
      'lost opens': pick('lost').reduce((a, b) => a + b),
      'exits with code 0': pick('code').filter((code) => code === 0).length,
      'ms from done to exit': spread(pick('exit')),
      'descriptors over base': spread(pick('fds')),
      'memory growth MB': spread(pick('growth'), 1),
      'from the tenth cycle, V8 heap sizing included': spread(pick('fromTenth'), 1),
    },
  ]
  const goals = [
    goal('lost opens', rows[0]['lost opens'], 0),
    goal('exits by itself with code 0', rows[0]['exits with code 0'], results.length, false),
    goal('descriptors over base, worst', Math.max(...pick('fds')), 0),
    goal('memory growth MB over the cycles, worst', Math.max(...pick('growth')), 25),
  ]
  if (values.json) console.log(JSON.stringify({ rows, goals }))
  else {
    for (const part of [rows, goals]) {
      table(part)
      console.log()
    }
  }
}
