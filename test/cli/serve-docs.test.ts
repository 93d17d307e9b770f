import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { SERVE_HELP } from '../../src/cli/serve/options.ts'
import { addLobbyCounters } from '../../src/services/lobby/operation/lobby-counters.ts'
import { addLobbyGauges } from '../../src/services/lobby/operation/lobby-gauges.ts'
import { loadPromClient } from '../../src/services/lobby/operation/prom-client.ts'
import { DEFAULT_LOBBY_LIMITS } from '../../src/services/lobby/server/limits.ts'

const document = readFileSync('docs/operating-a-lobby.md', 'utf8')

/** Cells of the tables whose first cell is of this form. */
const rows = (first: RegExp): string[][] =>
  document
    .split('\n')
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()))
    .filter(([cell = '']) => first.test(cell))

test('the table of settings is that of the help', () => {
  const flags = [...SERVE_HELP.matchAll(/^ {2}(--[a-z-]+(?: [A-Z=]+)?) {2}/gm)].map(([, flag]) => flag)
  const documented = rows(/^`--/)
  expect(documented.map(([flag]) => flag)).toEqual(
    flags.filter((flag) => flag !== '--help').map((flag) => `\`${flag}\``),
  )
  for (const [flag = '', variable = ''] of documented) {
    const name = flag.slice(3, -1).split(' ')[0]?.toUpperCase().replaceAll('-', '_')
    expect(variable).toMatch(new RegExp(`^\`WEBRTC_MULTIPLAYER_${name}(=true)?\`$`))
  }
})

test('the table of limits is that of the defaults', () => {
  const documented = rows(/^`[a-zA-Z]+`(, `[a-zA-Z]+`)?$/).flatMap(([names = '', values = '']) => {
    const defaults = values.split(', ')
    return names.split(', ').map((name, index) => [name.replaceAll('`', ''), Number(defaults[index])])
  })
  expect(Object.fromEntries(documented)).toEqual(DEFAULT_LOBBY_LIMITS)
})

test('every metric of the lobby is documented', async () => {
  const documented = [...document.matchAll(/`(webrtc_lobby_\w+)(?:\{\w+(?:,\w+)*\})?`/g)].map(([, name]) => name)
  expect([...new Set(documented)].sort()).toEqual((await metricNames()).sort())
})

/** As registered. */
async function metricNames(): Promise<string[]> {
  const promClient = await loadPromClient()
  if (promClient === null) throw new Error('prom-client is a development dependency')
  const registry = new promClient.Registry()
  addLobbyGauges(promClient, registry, () => null)
  addLobbyCounters(promClient, registry)
  return registry.getMetricsAsArray().map(({ name }) => name)
}
