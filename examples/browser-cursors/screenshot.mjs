// Makes docs/images/browser-cursors.png: the page of one of four people, with the bot. Needs a built package and Chromium.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import puppeteer from 'puppeteer-core'
import { launchOptions } from '../../scripts/browsers.mjs'

const PICTURE = fileURLToPath(new URL('../../docs/images/browser-cursors.png', import.meta.url))
const SIZE = { width: 1200, height: 700 }
/** The first one is whose page is shown. Places are shares of the stage. */
const PEOPLE = [
  { name: 'Ada', hue: 255, at: [0.42, 0.76] },
  { name: 'Grace', hue: 10, at: [0.13, 0.17] },
  { name: 'Alan', hue: 150, at: [0.585, 0.56] },
  { name: 'Edsger', hue: 55, at: [0.26, 0.5] },
]
const CHAT = [
  ['Ada', 'hello, everyone'],
  ['Edsger', 'the shortest path to all of you is a straight line'],
  ['Grace', 'no server in between? let me try that'],
  ['Grace', 'ping'],
  ['Alan', 'and which of you is a machine?'],
]

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

const server = spawn(process.execPath, [fileURLToPath(new URL('server/start.mjs', import.meta.url)), '--port=0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const [firstLine] = await once(createInterface(server.stdout), 'line')
const url = /http\S+/.exec(firstLine)[0]
const browser = await puppeteer.launch({ ...launchOptions('chromium'), defaultViewport: SIZE })

const pages = new Map()
for (const { name, hue } of PEOPLE) {
  const page = await browser.newPage()
  await page.goto(`${url}?name=${name}&hue=${hue}`)
  await page.waitForFunction(
    (count) => document.querySelectorAll('.participants li').length === count,
    {},
    pages.size + 2,
  )
  pages.set(name, page)
}
for (const { name, at } of PEOPLE) await moveTo(pages.get(name), at)
for (const [name, text] of CHAT) {
  const page = pages.get(name)
  await page.bringToFront()
  await page.type('.chat input', text)
  await page.keyboard.press('Enter')
  await wait(500)
}
const page = pages.get(PEOPLE[0].name)
await page.bringToFront()
// The bubbles would fade while the bot is on its way.
await page.addStyleTag({ content: '.bubble { animation: none }' })
// It goes round; where it covers nobody makes the better picture.
await page.waitForFunction(
  () => {
    const { x, y } = document.querySelector('[data-name^="Robin"] .arrow')?.getBoundingClientRect() ?? {}
    return x > 380 && x < 495 && y > 110 && y < 240
  },
  { timeout: 60_000 },
)
await mkdir(path.dirname(PICTURE), { recursive: true })
await page.screenshot({ path: PICTURE })
await browser.close()
server.kill()
await once(server, 'exit')
console.log(PICTURE)

async function moveTo(page, [x, y]) {
  // In the background Chromium takes its time with input.
  await page.bringToFront()
  const stage = await page.$eval('.stage', (element) => element.getBoundingClientRect().toJSON())
  await page.mouse.move(stage.x + x * stage.width, stage.y + y * stage.height, { steps: 5 })
}
