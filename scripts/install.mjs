// Finding programs that tests use, and installing them where that can be done: Debian, as root.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'

const exists = (file, mode) => {
  try {
    accessSync(file, mode)
    return true
  } catch {
    return false
  }
}

/** Where an ordinary user's PATH does not lead, and that of some services neither. */
const SYSTEM_DIRECTORIES = ['/usr/local/sbin', '/usr/sbin', '/sbin']

export const isDebian = () => ['/usr/bin/apt-get', '/etc/debian_version'].every((file) => exists(file))
export const isRoot = () => process.getuid?.() === 0

/** The path of the first of these that is an executable: names of programs, or whole paths; empty ones are left out. Null if none is. */
export function findExecutable(...names) {
  const directories = [...(process.env.PATH ?? '').split(path.delimiter), ...SYSTEM_DIRECTORIES]
  const candidates = names
    .filter((name) => name !== '')
    .flatMap((name) =>
      path.basename(name) === name ? directories.map((directory) => path.join(directory, name)) : [name],
    )
  return candidates.find((file) => exists(file, constants.X_OK)) ?? null
}

/** Installs Debian packages. Whether it could is for the caller to see: it looks for the programs again. */
export function aptInstall(packages, purpose, say = console.log) {
  if (packages.length === 0 || !isDebian() || !isRoot()) return
  say(`Installing ${packages.join(' and ')} for ${purpose} (apt-get) ...`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  apt('update', '-qq')
  apt('install', '-y', '-qq', '--no-install-recommends', ...packages)
}
