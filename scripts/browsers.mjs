// Finds the browsers that the tests, benches and pictures use; installs those that are missing where that can be done (Debian, as root), else names the
// command that does. As a program it prints what it found.
import { pathToFileURL } from 'node:url'
import { aptInstall, findExecutable, isDebian } from './install.mjs'

/** Where a browser may be, by what puppeteer calls it; a variable of that name in capitals comes first. */
const BROWSERS = {
  chromium: {
    puppeteer: 'chrome',
    packages: ['chromium'],
    programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    files: [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    ],
  },
  firefox: {
    puppeteer: 'firefox',
    packages: ['firefox-esr'],
    programs: ['firefox', 'firefox-esr'],
    files: ['/Applications/Firefox.app/Contents/MacOS/firefox', 'C:\\Program Files\\Mozilla Firefox\\firefox.exe'],
  },
}

export const BROWSER_NAMES = Object.keys(BROWSERS)

/** The path of an installed browser, or null. */
export function findBrowser(name) {
  const { programs, files } = BROWSERS[name]
  return findExecutable(process.env[name.toUpperCase()] ?? '', ...programs, ...files)
}

/** What puppeteer-core's `launch` needs for an installed browser. */
export function launchOptions(name) {
  const executablePath = findBrowser(name)
  if (executablePath === null) throw new Error(`${name} is not installed: ${installCommand(name)}`)
  return {
    browser: BROWSERS[name].puppeteer,
    executablePath,
    headless: true,
    args: name === 'chromium' ? CHROMIUM_ARGS : [],
  }
}

// Without a sandbox, as it refuses to start as root otherwise; and nothing that it does by itself in the background.
const CHROMIUM_ARGS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ...[
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
]

/** What a person does to install a browser. */
export function installCommand(name) {
  if (process.platform === 'linux' && isDebian()) return `sudo apt-get install ${BROWSERS[name].packages.join(' ')}`
  return `install it, or set ${name.toUpperCase()} to its path`
}

/** Installs what is missing, where that can be done. Returns what is still missing. */
export function ensureBrowsers(say = console.log) {
  const missing = BROWSER_NAMES.filter((name) => findBrowser(name) === null)
  aptInstall(
    missing.flatMap((name) => BROWSERS[name].packages),
    'the tests in browsers',
    say,
  )
  return missing.filter((name) => findBrowser(name) === null)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  ensureBrowsers()
  for (const name of BROWSER_NAMES) console.log(`${name}: ${findBrowser(name) ?? `missing; ${installCommand(name)}`}`)
}
