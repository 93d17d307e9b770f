// Throughput of pages: a page and Node, and two pages, each beside a plain RTCDataChannel in the same pages and the same run. Rounds are interleaved.
// Options: --browser chromium|firefox, --rounds 5, --milliseconds 1500, --size '64 B' (alone), --json.
import { createServer } from 'node:http'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import puppeteer from 'puppeteer-core'
import * as library from 'webrtc-multiplayer'
import { launchOptions } from '../scripts/browsers.mjs'
import { BareNodeEnd, OurEnd } from './browser/ends.mjs'
import { goal, median, spread, table } from './harness/stats.mjs'

const { values } = parseArgs({
  options: {
    browser: { type: 'string', default: 'chromium' },
    rounds: { type: 'string', default: '5' },
    milliseconds: { type: 'string', default: '1500' },
    size: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const CONTESTANTS = ['ours', 'plain']
const ALL_SIZES = { '64 B': 64, '1 KB': 1024, '16 KB': 16 * 1024 }
const SIZES = values.size ? { [values.size]: ALL_SIZES[values.size] } : ALL_SIZES
const DIRECTIONS = ['page to Node', 'Node to page', 'page to page']

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('browser/page.mjs', import.meta.url))],
  bundle: true,
  minify: true,
  format: 'esm',
  tsconfigRaw: '{}',
  write: false,
})
const server = createServer((request, response) => {
  const isScript = request.url === '/page.js'
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
  response.end(isScript ? outputFiles[0].contents : '<!doctype html><script type="module" src="/page.js"></script>')
}).listen(0, '127.0.0.1')
await once(server, 'listening')

/** An end in a page, with the calls of one in this process. */
async function inPage(browser) {
  const page = await browser.newPage()
  const place = {
    open: (contestant, offers, signal) => {
      place.signal = signal
      return page.evaluate((...args) => globalThis.bench.open(...args), contestant, offers)
    },
    take: (signal) => page.evaluate((signal) => globalThis.bench.take(signal), signal),
    isOpen: () => page.evaluate(() => globalThis.bench.isOpen()),
    flood: (...args) => page.evaluate((...args) => globalThis.bench.flood(...args), ...args),
    seen: () => page.evaluate(() => globalThis.bench.seen()),
    close: () => page.evaluate(() => globalThis.bench.close()),
  }
  await page.exposeFunction('sendSignal', (signal) => place.signal(signal))
  await page.goto(`http://localhost:${server.address().port}/`)
  return place
}

function inNode() {
  let end
  return {
    open: (contestant, offers, signal) => {
      end = new (contestant === 'ours' ? OurEnd : BareNodeEnd)(library, offers, signal)
    },
    take: (signal) => end.take(signal),
    isOpen: () => end.isOpen,
    flood: (...args) => end.flood(...args),
    seen: () => ({ received: end.received, lastAt: end.lastAt, now: performance.now() }),
    close: () => end.close(),
  }
}

/** Messages per second that arrive, from the first to the last. */
async function measure(sender, receiver, contestant, size) {
  await receiver.open(contestant, false, (signal) => sender.take(signal))
  await sender.open(contestant, true, (signal) => receiver.take(signal))
  while (!((await sender.isOpen()) && (await receiver.isOpen()))) await new Promise((resolve) => setTimeout(resolve, 5))
  const { now: started } = await receiver.seen()
  const sent = await sender.flood(size, Number(values.milliseconds))
  let seen = await receiver.seen()
  while (seen.received < sent) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    seen = await receiver.seen()
  }
  await sender.close()
  await receiver.close()
  return sent / ((seen.lastAt - started) / 1000)
}

// In windows of their own: a page in the background is slowed down.
const browsers = [
  await puppeteer.launch(launchOptions(values.browser)),
  await puppeteer.launch(launchOptions(values.browser)),
]
const [page, other] = [await inPage(browsers[0]), await inPage(browsers[1])]
const places = { 'page to Node': [page, inNode()], 'Node to page': [inNode(), page], 'page to page': [page, other] }
const rates = {}
for (let round = 0; round < Number(values.rounds); round++) {
  for (const direction of DIRECTIONS) {
    for (const [name, size] of Object.entries(SIZES)) {
      const order = round % 2 === 0 ? CONTESTANTS : [...CONTESTANTS].reverse()
      for (const contestant of order) {
        const cell = ((rates[`${direction}, ${name}`] ??= {})[contestant] ??= [])
        cell.push(await measure(...places[direction], contestant, size))
      }
    }
  }
}
for (const browser of browsers) await browser.close()
server.close()

const cells = Object.entries(rates)
const rows = cells.map(([cell, { ours, plain }]) => ({
  [`${values.browser}, messages/s`]: cell,
  plain: spread(plain),
  ours: spread(ours),
  ratio: (median(ours) / median(plain)).toFixed(2),
}))
const goals = cells.map(([cell, { ours, plain }]) =>
  goal(`${cell}, ours / plain`, median(ours) / median(plain), 0.9, false),
)
if (values.json) console.log(JSON.stringify({ rows, goals }))
else {
  table(rows)
  console.log()
  table(goals)
}
