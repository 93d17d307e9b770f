// `npm test`: builds, then runs every test: the fast ones in parallel, those with real connections, then those in browsers. The browsers, the Redis and the
// network tools that they need are installed first where that can be done. Says at the end what was skipped and why; in CI that is a failure. Arguments go to Jest.
import { spawnSync } from 'node:child_process'
import { BROWSER_NAMES, ensureBrowsers, installCommand } from './browsers.mjs'
import { ensureNetworkTools } from './network-tools.mjs'
import { ensureRedisServer, redisInstallCommand } from './redis.mjs'

const jest = (project, ...args) => [
  process.execPath,
  ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'].concat(
    ['--selectProjects', project, ...args],
    process.argv.slice(2),
  ),
]

const missing = ensureBrowsers()
const skipped = missing.map((name) => `the tests in ${name}, which is not installed: ${installCommand(name)}`)
if (!ensureRedisServer()) skipped.push(`the tests with Redis, which is not installed: ${redisInstallCommand()}`)
const withoutNetwork = ensureNetworkTools()
if (withoutNetwork !== null) skipped.push(`the tests behind NATs, ${withoutNetwork}`)
if (skipped.length > 0 && process.env.CI === 'true') {
  console.error(`In CI nothing may be skipped, but it would be ${skipped.join('\nand ')}`)
  process.exit(1)
}

const steps = [
  ['npm', ['run', '--silent', 'build']],
  jest('fast'),
  // Two at a time: what needs real connections, processes and browsers mostly waits, and more would disturb what measures times.
  jest('real', '--maxWorkers=2'),
  ...(missing.length < BROWSER_NAMES.length ? [jest('browser', '--maxWorkers=2')] : []),
]
for (const [command, args] of steps) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
for (const what of skipped) console.log(`Skipped: ${what}`)
