// Finds the redis-server that the tests of servers in many processes use; installs it where that can be done, else names the command that does. As a program it prints
// what it found.
import { pathToFileURL } from 'node:url'
import { aptInstall, findExecutable, isDebian } from './install.mjs'

/** The path of an installed redis-server, or of what speaks its protocol; the variable REDIS_SERVER comes first. Null if there is none. */
export function findRedisServer() {
  return findExecutable(process.env.REDIS_SERVER ?? '', 'redis-server', 'valkey-server')
}

/** What a person does to install it. */
export function redisInstallCommand() {
  if (isDebian()) return 'sudo apt-get install redis-server'
  return `${process.platform === 'darwin' ? 'brew install redis' : 'install it'}, or set REDIS_SERVER to its path`
}

/** Installs it if it is missing, where that can be done. Returns whether it is there. */
export function ensureRedisServer(say = console.log) {
  if (findRedisServer() === null) aptInstall(['redis-server'], 'the tests of several lobby servers', say)
  return findRedisServer() !== null
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  ensureRedisServer()
  console.log(`redis-server: ${findRedisServer() ?? `missing; ${redisInstallCommand()}`}`)
}
