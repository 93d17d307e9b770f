// Two members of a lobby with real connections, in a process of their own: once the guest's dial has come to the state argv[2], in which its signals are disturbed so that it stays there,
// both leave. Says how long that took; the process ends by itself then, if nothing remains.
import { WebSocket as NodeWebSocket } from 'ws'
import { joinLobby } from '../../../../../src/lobby.ts'
import { createLobbyServer } from '../../../../../src/lobby-server.ts'
import type { JoinLobbyOptions } from '../../../../../src/services/lobby/client/join-options.ts'

/** What is done to what both members say: a changed message, or null for one that is lost. */
type Disturbance = (text: string) => string | null

const nothing: Disturbance = (text) => text
/** Both sides wait for the other's first DTLS message. */
const bothPassive: Disturbance = (text) => text.replace(/a=setup:(?:actpass|active)/, 'a=setup:active')
const wrongFingerprint: Disturbance = (text) =>
  text.replace(
    /(a=fingerprint:sha-256 )(\w\w)/,
    (_, name: string, byte: string) => name + (byte === '00' ? '11' : '00'),
  )
const without =
  (type: number): Disturbance =>
  (text) =>
    text.includes(`"type":${type},`) ? null : text

const CASES: Readonly<Record<string, { state: string; disturb: Disturbance; options?: JoinLobbyOptions }>> = {
  offering: { state: 'offering', disturb: without(5) },
  'offering without ICE servers': {
    state: 'offering',
    disturb: nothing,
    options: { iceServers: expiringServers() },
  },
  checking: { state: 'checking', disturb: without(6) },
  securing: { state: 'securing', disturb: bothPassive },
  connected: { state: 'connected', disturb: nothing },
  'backingOff after DTLS': { state: 'backingOff', disturb: wrongFingerprint },
  'backingOff after a DTLS that took too long': {
    state: 'backingOff',
    disturb: bothPassive,
    options: { times: { dtls: 1_000 } },
  },
  'gaveUp after DTLS': { state: 'gaveUp', disturb: wrongFingerprint, options: { attempts: 1 } },
}

function expiringServers(): NonNullable<JoinLobbyOptions['iceServers']> {
  let calls = 0
  return () => (++calls === 1 ? { iceServers: [], expiresAt: 1 } : new Promise(() => undefined))
}

const chosen = CASES[process.argv[2] ?? '']
if (chosen === undefined) throw new Error(`There is no case '${process.argv[2] ?? ''}'.`)
const { state, disturb, options } = chosen

class DisturbedWebSocket extends NodeWebSocket {
  override send(data: unknown): void {
    const text = disturb(String(data))
    if (text !== null) super.send(text)
  }
}

const common: JoinLobbyOptions = {
  iceServers: [],
  backOff: { first: 5_000, longest: 5_000 },
  connection: { libdatachannel: { bindAddress: '127.0.0.1' } },
  WebSocket: DisturbedWebSocket,
}
const server = await createLobbyServer({ port: 0, host: '127.0.0.1' })
const host = await joinLobby(server.url, common)
const guest = await joinLobby(server.url, { ...common, ...options, lobby: host.lobby })
await new Promise<void>((resolve) => {
  guest.dials$.subscribe((progress) => {
    if (progress.state === state) resolve()
  })
})
// Time for whatever follows by itself, so that it is the state that lasts.
await new Promise((resolve) => setTimeout(resolve, 300))
const reached = await new Promise<string>((resolve) => {
  guest.dials$.subscribe((progress) => {
    resolve(progress.state)
  })
})
const start = performance.now()
await Promise.all([guest.leave(), host.leave()])
const took = Math.round(performance.now() - start)
await server.close()
console.log(JSON.stringify({ reached, took }))
