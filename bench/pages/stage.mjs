/** The browser and the page server that the sessions of a work share: begun with the first session, ended with the last one. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { launchOptions } from '../../scripts/browsers.mjs'
import { PageServer } from './page-server.mjs'

/**
 * Plain addresses as candidates, as in this package's tests: names of multicast DNS take the browser up to a second to look up, whoever uses them.
 */
const ARGUMENTS = ['--disable-features=WebRtcHideLocalIpsWithMdns']
/** Attempts to remove the profile of a browser that is ending, and milliseconds between them. */
const REMOVALS = 50
const REMOVAL_PAUSE = 20

let stage
let users = 0

/** Whoever has entered has to leave once, even if this rejects. */
export function enter() {
  users++
  return (stage ??= begin())
}

export function leave() {
  if (--users > 0) return
  const left = stage
  stage = undefined
  void left.then(({ close }) => close()).catch(() => undefined)
}

async function begin() {
  const { default: puppeteer } = await import('puppeteer-core')
  const options = launchOptions('chromium')
  const profile = mkdtempSync(path.join(tmpdir(), 'bench-chromium-'))
  const server = await PageServer.start()
  let browser
  const close = () => {
    process.removeListener('exit', close)
    server.close()
    if (browser !== undefined) endGroup(browser.process().pid)
    remove(profile)
  }
  process.once('exit', close)
  try {
    browser = await puppeteer.launch({ ...options, userDataDir: profile, args: [...options.args, ...ARGUMENTS] })
    return { browser, server, close }
  } catch (error) {
    close()
    throw error
  }
}

/** Ends a browser with all its processes, which are a group. */
function endGroup(pid) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // it has ended already
  }
}

/** Removes the folder of processes that have just been ended, and may still write for a moment. */
function remove(folder) {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let attempt = 0; attempt < REMOVALS; attempt++) {
    try {
      rmSync(folder, { recursive: true, force: true })
      return
    } catch {
      Atomics.wait(pause, 0, 0, REMOVAL_PAUSE)
    }
  }
}
