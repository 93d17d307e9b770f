/**
 * How quick the inspector's page stays with a large mesh: 64 peers, so 2,016 links, each of which both ends tell of twice a second with another rate every time. Beside an empty page, in
 * turn, in the same browser. Frames are those in which the page could draw (requestAnimationFrame); pictures are those in which the topology was drawn anew. Every two seconds the first link
 * changes its state, which tells how long a change takes from being sent to being drawn.
 * `npm run build`, then `node bench/inspector-page.mjs [--peers 64] [--rounds 5] [--seconds 5] [--browser chromium] [--page DIRECTORY] [--json]`
 */
import { createServer } from 'node:http'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import puppeteer from 'puppeteer-core'
import { WebSocketServer } from 'ws'
import { launchOptions } from '../scripts/browsers.mjs'
import { goal, median, quantile, spread } from './harness/stats.mjs'
import { table } from './harness/table.mjs'

const { values } = parseArgs({
  options: {
    browser: { type: 'string', default: 'chromium' },
    peers: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    page: { type: 'string', default: fileURLToPath(new URL('../dist/inspector-page', import.meta.url)) },
    json: { type: 'boolean', default: false },
  },
})
const peers = Array.from({ length: Number(values.peers) }, (_, i) => i + 1)
const SAMPLE_INTERVAL = 500
const STATE_INTERVAL = 2_000
const GROUP = 'bench'
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  if (pathname === '/empty')
    return response.setHeader('content-type', 'text/html').end('<!doctype html><title>empty</title>')
  const file = path.join(values.page, pathname === '/' ? 'index.html' : path.normalize(pathname))
  readFile(file).then(
    (body) => response.setHeader('content-type', TYPES[path.extname(file)] ?? 'application/octet-stream').end(body),
    () => response.writeHead(404).end(),
  )
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const url = `http://127.0.0.1:${server.address().port}/`
new WebSocketServer({ server, path: '/view' }).on('connection', (socket) => {
  const stop = tell((messages) => socket.send(JSON.stringify(messages)))
  socket.on('close', stop)
})

/** Tells of the mesh as an inspector does, until it is stopped. */
function tell(send) {
  const seqs = new Map()
  const totals = new Map()
  const stamp = (id) => {
    seqs.set(id, (seqs.get(id) ?? 0) + 1)
    return { source: `peer-${id}`, seq: seqs.get(id), time: Date.now() }
  }
  // One of the steps of the width, and never that of the time before.
  const grow = (key) => {
    const before = totals.get(key) ?? { bytes: 0, step: 0 }
    const step = (before.step + 1 + Math.floor(Math.random() * 4)) % 5
    totals.set(key, { bytes: before.bytes + 20 * 10 ** step, step })
    return totals.get(key).bytes
  }
  const isGated = () => Math.floor(Date.now() / STATE_INTERVAL) % 2 === 1
  const link = (id, peer) => {
    const key = `${Math.min(id, peer)}-${Math.max(id, peer)}`
    const channel = { label: 'reliable', channel: 0, mode: 2, droppedPackets: 0, bufferedAmount: 0 }
    const [sentBytes, receivedBytes] = [grow(`${key} ${id} sent`), grow(`${key} ${id} received`)]
    return {
      peer,
      state: key === '1-2' && isGated() ? 'channelsOpen' : 'connected',
      roundTripTime: 20,
      pair: null,
      channels: [
        { ...channel, sentPackets: sentBytes / 20, sentBytes, receivedPackets: receivedBytes / 20, receivedBytes },
      ],
      drops: {},
    }
  }
  const facts = (id) => ({
    type: 'webrtc.facts',
    ...stamp(id),
    sessionId: `peer-${id}/x:0`,
    group: GROUP,
    uniqueId: id,
    status: 2,
    links: peers.filter((other) => other !== id).map((other) => link(id, other)),
  })
  for (const id of peers) {
    const stately = { id: null, _version: '0.7.2', createdAt: String(Date.now()), sessionId: `peer-${id}/x:0` }
    const snapshot = { status: 'active', value: 'connected', context: { mode: 'mesh', uniqueId: id, peers: [] } }
    send([
      { type: 'webrtc.source', ...stamp(id), name: `peer ${id}`, platform: 'node', detail: 'bench', version: '0.1.0' },
      {
        type: '@xstate.actor',
        ...stamp(id),
        ...stately,
        rootId: stately.sessionId,
        name: 'mesh',
        snapshot,
        machine: 'mesh',
        kind: 'mesh',
        group: GROUP,
        uniqueId: id,
      },
    ])
  }
  // One peer after the other, as processes of their own would.
  let due = performance.now()
  let next = 0
  const timer = setInterval(() => {
    while (due < performance.now()) {
      send([facts(peers[next++ % peers.length])])
      due += SAMPLE_INTERVAL / peers.length
    }
  }, 2)
  return () => clearInterval(timer)
}

/** Runs in the page: the times of its frames, of the topology's pictures, and between the sending of a state and its picture. */
function watch(milliseconds, stateInterval) {
  return new Promise((resolve) => {
    const [frames, delays] = [[], []]
    let pictures = 0
    let wasGated = null
    const observer = new MutationObserver(() => {
      pictures++
      const isGated = [...document.querySelectorAll('.topology-half.look-gated')].some((path) => path.getAttribute('d'))
      if (wasGated !== null && isGated !== wasGated) delays.push(Date.now() % stateInterval)
      wasGated = isGated
    })
    const topology = document.querySelector('.topology-links')
    if (topology) observer.observe(topology, { subtree: true, childList: true, attributeFilter: ['d'] })
    const begin = performance.now()
    const frame = (now) => {
      frames.push(now)
      if (now - begin < milliseconds) return requestAnimationFrame(frame)
      observer.disconnect()
      resolve({ frames, delays, pictures })
    }
    requestAnimationFrame(frame)
  })
}

async function measure(browser, address) {
  const page = await browser.newPage()
  await page.goto(address)
  if (address === url) {
    await page.waitForSelector('.topology-half')
    // Until the first plots and the layout are done, too.
    await new Promise((resolve) => setTimeout(resolve, 2_000))
  }
  const { frames, delays, pictures } = await page.evaluate(watch, Number(values.seconds) * 1_000, STATE_INTERVAL)
  await page.close()
  const gaps = frames.slice(1).map((time, i) => time - frames[i])
  const seconds = (frames.at(-1) - frames[0]) / 1_000
  return {
    rate: gaps.length / seconds,
    gap95: quantile(gaps, 0.95),
    longest: Math.max(...gaps),
    pictures: pictures / seconds,
    delays,
  }
}

const browser = await puppeteer.launch({
  ...launchOptions(values.browser),
  defaultViewport: { width: 1280, height: 900 },
})
const contestants = { 'empty page': `${url}empty`, 'inspector, all links changing': url }
const results = {}
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [name, address] of Object.entries(contestants))
    (results[name] ??= []).push(await measure(browser, address))
}
await browser.close()
server.closeAllConnections()
server.close()

const all = (name, key) => results[name].map((result) => result[key])
const rows = Object.keys(results).map((name) => ({
  [`${values.browser}, ${(peers.length * (peers.length - 1)) / 2} links`]: name,
  'frames/s': spread(all(name, 'rate'), 1),
  '95 % within, ms': spread(all(name, 'gap95'), 1),
  'longest, ms': spread(all(name, 'longest')),
  'pictures/s': spread(all(name, 'pictures'), 1),
}))
const [empty, inspector] = Object.keys(results)
const delays = all(inspector, 'delays').flat()
const goals = [
  goal('frames a second', median(all(inspector, 'rate')), 30, false),
  goal('pictures a second', median(all(inspector, 'pictures')), 2, false),
  // A look comes up to half a second after the change; a second is what is promised from the change to the picture.
  goal('milliseconds from a change of state to its picture, 95 %', quantile(delays, 0.95), 1_000),
]
if (values.json) {
  console.log(JSON.stringify({ peers: peers.length, browser: values.browser, results, goals }))
} else {
  table(rows)
  console.log(`\nfrom a change of state to its picture: ${spread(delays)} ms (a look at it comes up to 500 ms later)`)
  console.log(
    `frames of the empty page: ${(median(all(inspector, 'rate')) / median(all(empty, 'rate'))).toFixed(2)} of them are left\n`,
  )
  table(goals)
}
if (goals.some(({ reached }) => reached !== 'yes')) process.exitCode = 1
