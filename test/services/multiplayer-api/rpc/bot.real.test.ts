import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { joinLobby } from '../../../../src/lobby.ts'
import { createLobbyServer, type LobbyServer } from '../../../../src/lobby-server.ts'
import { MultiplayerAPI, rpc, string } from '../../../../src/multiplayer-api.ts'
import { waitFor } from '../../../support/real-time.ts'

const BOT = join(import.meta.dirname, '../../../../examples/bot/bot.mjs')

let server: LobbyServer
let bot: ChildProcess
let exited: Promise<unknown[]>

beforeAll(async () => {
  server = await createLobbyServer({ port: 0, host: '127.0.0.1' })
  bot = spawn(process.execPath, [BOT, server.url, 'oracle'], { stdio: ['ignore', 'pipe', 'inherit'] })
  exited = once(bot, 'exit')
  if (bot.stdout === null) throw new Error('no output')
  const printed = await Promise.race([once(createInterface(bot.stdout), 'line'), exited])
  expect(printed[0]).toMatch(/^Peer 1 in the lobby "oracle"/)
})

afterAll(async () => {
  bot.kill('SIGKILL')
  await server.close()
})

test('the example bot greets who comes, answers calls, and ends by itself', async () => {
  const joined = await joinLobby(server.url, { lobby: 'oracle' })
  const api = new MultiplayerAPI(joined.peer)
  const heard: string[] = []
  const oracle = api.node('/root/Main/Oracle', {
    ask: rpc({ permission: 'any-peer', args: [string], returns: string }),
    answer: rpc({ permission: 'any-peer', args: [string] }, (text, { from }) => heard.push(`${from}: ${text}`)),
  })
  await waitFor(() => heard.length === 1, 'the bot has said something')
  expect(heard.splice(0)).toEqual(['1: Ask me "time", "who" or "peers".'])

  expect(await oracle.ask.call(1, 'who')).toBe(`You are peer ${joined.id}, I am peer 1.`)
  expect(await oracle.ask.call(1, 'peers')).toBe(String(joined.id))
  // As a Godot game asks.
  oracle.ask.to(1)('weather')
  await waitFor(() => heard.length === 1, 'the bot has answered')
  expect(heard).toEqual(['1: I do not know "weather".'])
  expect(api.stats().violations).toEqual({})

  bot.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
  await waitFor(() => api.getPeers().length === 0, 'the bot is gone')
  await joined.leave()
  await api.close()
})
