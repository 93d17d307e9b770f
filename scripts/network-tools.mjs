// Finds what the tests behind NATs need: Linux, root, network namespaces, and the programs below. Installs missing programs where that can be done (Debian, as root), else
// names the command that does. As a program it prints what it found.
import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { aptInstall, findExecutable, isDebian, isRoot } from './install.mjs'

/** Programs by the Debian package that has them. */
const PACKAGES = {
  iproute2: ['ip', 'ss'],
  iptables: ['iptables', 'ip6tables'],
  conntrack: ['conntrack'],
  procps: ['sysctl'],
  coturn: ['turnserver'],
}

/** The path of one of these programs; throws if it is not installed. */
export function networkTool(program) {
  const file = findExecutable(program)
  if (file === null) throw new Error(`${program} is not installed: ${installCommand(missingPackages())}`)
  return file
}

const missingPackages = () =>
  Object.keys(PACKAGES).filter((name) => PACKAGES[name].some((program) => findExecutable(program) === null))

/** Why the tests behind NATs cannot run here and what would mend it, as a clause; null if they can. */
export function whyNoNetworkWorld() {
  if (process.platform !== 'linux') return 'which need network namespaces of Linux'
  if (!isRoot()) return 'which need root to make network namespaces: run them with sudo'
  const missing = missingPackages()
  if (missing.length > 0) return `which need programs that are not installed: ${installCommand(missing)}`
  const probe = `probe-${process.pid}`
  const { status, stderr } = spawnSync(networkTool('ip'), ['netns', 'add', probe], { encoding: 'utf8' })
  if (status !== 0) {
    return `as this system refuses to make network namespaces (in a container: run it privileged): ${stderr.trim()}`
  }
  spawnSync(networkTool('ip'), ['netns', 'del', probe])
  return null
}

function installCommand(packages) {
  return isDebian() ? `sudo apt-get install ${packages.join(' ')}` : `install ${packages.join(', ')}`
}

/** Installs what is missing, where that can be done. Returns why the tests still cannot run, or null. */
export function ensureNetworkTools(say = console.log) {
  if (process.platform === 'linux') aptInstall(missingPackages(), 'the tests behind NATs', say)
  return whyNoNetworkWorld()
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const reason = ensureNetworkTools()
  for (const program of Object.values(PACKAGES).flat())
    console.log(`${program}: ${findExecutable(program) ?? 'missing'}`)
  console.log(reason === null ? 'The tests behind NATs can run.' : `The tests behind NATs cannot run, ${reason}`)
}
