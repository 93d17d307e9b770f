// Makes docs/images/inspector-*.png: the inspector's page, looking at a game of five processes. Two of them never get through to each other, so that there is a verdict; one is killed.
// Needs a built package and Chromium: `npm ci && npm run build`, then `node scripts/screenshots.mjs [DIRECTORY]`.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import puppeteer from 'puppeteer-core'
import { WebSocket } from 'ws'
import { TransferMode } from '../dist/index.js'
import { reportTo, startInspector } from '../dist/inspector.js'
import { joinLobby } from '../dist/lobby.js'
import { createLobbyServer } from '../dist/lobby-server.js'
import { launchOptions } from './browsers.mjs'

const DIRECTORY = fileURLToPath(new URL('../docs/images', import.meta.url))
const LOBBY = 'tea-house'
/** Bytes of each picture at most, as they are in the repository. */
const LARGEST = 200_000
/** The first one makes the lobby. Bytes and milliseconds of what each sends to everybody else. */
const PLAYERS = [
  { name: 'Ada', bytes: 400, every: 50 },
  { name: 'Grace', bytes: 40, every: 100 },
  { name: 'Alan', bytes: 900, every: 20 },
  { name: 'Edsger', bytes: 60, every: 50 },
  { name: 'Barbara', bytes: 120, every: 100 },
]
/** Between these two no packet passes. */
const APART = ['Grace', 'Edsger']
const KILLED = 'Barbara'

const SIZE = { width: 1280, height: 800, deviceScaleFactor: 1 }

const [, , role = '', ...rest] = process.argv
if (role === 'player') await play(...rest)
else await takePictures(role === '' ? DIRECTORY : path.resolve(role))

/** One player, in a process of its own; `apart` is the id of whom it does not reach. */
async function play(name, lobbyUrl, inspectorUrl, apart) {
  const { bytes, every } = PLAYERS.find((player) => player.name === name)
  const reporter = reportTo(inspectorUrl, { name })
  const lobby = await joinLobby(lobbyUrl, {
    lobby: LOBBY,
    create: true,
    connection: { libdatachannel: { bindAddress: '127.0.0.1' } },
    attempts: 2,
    times: { ice: 1_500 },
    WebSocket: class extends WebSocket {
      send(text) {
        super.send(misled(text, Number(apart)))
      }
      emit(event, data, ...others) {
        return super.emit(event, event === 'message' ? misled(String(data), Number(apart)) : data, ...others)
      }
    },
  })
  reporter.watch(lobby)
  process.send({ id: lobby.id })
  setInterval(() => {
    for (const [peer] of lobby.peer.getPeers()) {
      if (lobby.peer.peer(peer).state !== 'connected') continue
      lobby.peer.send(new Uint8Array(bytes), { to: peer, mode: TransferMode.UNRELIABLE_ORDERED })
    }
  }, every)
  process.on('disconnect', () => process.exit())
}

/** Candidates to and from whoever is not reached name a port at which nobody is. */
function misled(text, apart) {
  const CANDIDATE = 6
  const { type, id, data } = JSON.parse(text)
  if (type !== CANDIDATE || id !== apart) return text
  return JSON.stringify({ type, id, data: data.replace(/127\.0\.0\.1 \d+/, '127.0.0.1 9') })
}

async function takePictures(directory) {
  const inspector = await startInspector({ port: 0 })
  const server = await createLobbyServer({ port: 0, host: '127.0.0.1' })
  const browser = await puppeteer.launch({ ...launchOptions('chromium'), defaultViewport: SIZE })
  const players = new Map()
  try {
    const page = await browser.newPage()
    // From the beginning on, so that everybody tells everything.
    await page.goto(inspector.url)
    for (const { name } of PLAYERS) players.set(name, await startPlayer(name, server.url, inspector.reportUrl, players))
    // Both of those that do not reach each other say so.
    await page.waitForFunction(() => document.querySelector('.failures-actions')?.textContent.startsWith('1 more'))
    await mkdir(directory, { recursive: true })
    await chooseLink(page, players.get('Ada').id, players.get('Alan').id)
    players.get(KILLED).process.kill('SIGKILL')
    // Its own rates are those of the last look until then.
    await page.waitForSelector('.topology-peer.is-gone')
    await page.waitForSelector('.chart-state.is-active')
    await page.mouse.move(0, 0)
    await shoot(page, path.join(directory, 'inspector-topology'))

    // In a narrow window it has all the room.
    await page.setViewport({ width: 720, height: 1_040, deviceScaleFactor: 2 })
    await page.keyboard.press('3')
    await page.waitForSelector('.panes-narrow .chart-state.is-active')
    await page.mouse.move(0, 0)
    await shoot(page, path.join(directory, 'inspector-statechart'), '[data-view="statechart"]')

    // How it came to the verdict; the next transition is that of the negotiation, which gives up.
    await page.setViewport({ ...SIZE, height: 1_000 })
    await page.click('.failures .link')
    await page.waitForSelector('.replay')
    await page.keyboard.press('J')
    await page.waitForSelector('.entry.is-now.is-transition')
    await shoot(page, path.join(directory, 'inspector-timeline'), '.panes > [data-view="timeline"]', '.replay')
  } finally {
    for (const player of players.values()) player.process.kill('SIGKILL')
    await browser.close()
    await server.close()
    await inspector.close()
  }
}

async function startPlayer(name, lobbyUrl, inspectorUrl, others) {
  const apart = name === APART[1] ? others.get(APART[0]).id : 0
  const process = fork(fileURLToPath(import.meta.url), ['player', name, lobbyUrl, inspectorUrl, String(apart)])
  const [{ id }] = await once(process, 'message')
  return { id, process }
}

/** By the keyboard, as there is no element for each link. */
async function chooseLink(page, from, to) {
  await page.keyboard.press('2')
  await page.locator(`.list ::-p-aria(${from} → ${to}[role="button"])`).click()
  await page.keyboard.press('1')
}

/** Parts of the page below each other, all of it without any, in both themes. */
async function shoot(page, file, ...parts) {
  for (const [scheme, suffix] of [
    ['light', ''],
    ['dark', '-dark'],
  ]) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    // After another size of the window everything finds its place again.
    await new Promise((resolve) => setTimeout(resolve, 500))
    const boxes = await Promise.all(parts.map(async (part) => (await page.$(part)).boundingBox()))
    const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))]
    const clip = {
      x,
      y,
      width: Math.max(...boxes.map((box) => box.x + box.width)) - x,
      height: Math.max(...boxes.map((box) => box.y + box.height)) - y,
    }
    // Else the window would have another size for that moment, and lists would show other rows.
    const picture = await page.screenshot({ ...(parts.length > 0 && { clip }), captureBeyondViewport: false })
    if (picture.length > LARGEST) throw new Error(`${file}${suffix}.png has ${picture.length} bytes`)
    await writeFile(`${file}${suffix}.png`, picture)
    console.log(`${file}${suffix}.png`)
  }
}
