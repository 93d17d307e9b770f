// Two members of a lobby with real connections, in a process of their own: once the guest's dial has come to the state argv[2], in which its signals are disturbed so that it stays there,
// both leave. Says how long that took; the process ends by itself then, if nothing remains.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { WebSocket as NodeWebSocket } from 'ws'
import { joinLobby } from '../../../../../src/lobby.ts'
import { createLobbyServer } from '../../../../../src/lobby-server.ts'
import type { JoinLobbyOptions } from '../../../../../src/services/lobby/client/join-options.ts'

/** What is done to what both members say: a changed message, or null for one that is lost. */
type Disturbance = (text: string) => string | null | Promise<string | null>

const nothing: Disturbance = (text) => text
/** By port: a socket that leads there, but lets nothing pass except ICE's checks, whose first byte is 0 or 1 (RFC 7983). */
const relays = new Map<number, Promise<Socket>>()

function relayTo(port: number): Promise<Socket> {
  const relay = relays.get(port) ?? makeRelay(port)
  relays.set(port, relay)
  return relay
}

async function makeRelay(port: number): Promise<Socket> {
  const relay = createSocket('udp4')
  relay.on('message', (datagram, { port: from }) => {
    if (Number(datagram[0]) < 2) void relayTo(from).then((back) => back.send(datagram, port, '127.0.0.1'))
  })
  relay.bind(0, '127.0.0.1')
  await once(relay, 'listening')
  return relay
}

/** ICE finds a path, on which DTLS gets nowhere. */
const iceAlone: Disturbance = async (text) => {
  const port = / 127\.0\.0\.1 (\d+) typ host/.exec(text)?.[1]
  if (port === undefined) return text
  const relay = await relayTo(Number(port))
  return text.replace(` 127.0.0.1 ${port} `, ` 127.0.0.1 ${relay.address().port} `)
}
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
  securing: { state: 'securing', disturb: iceAlone },
  connected: { state: 'connected', disturb: nothing },
  'backingOff after DTLS': { state: 'backingOff', disturb: wrongFingerprint },
  'backingOff after a DTLS that took too long': {
    state: 'backingOff',
    disturb: iceAlone,
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
    void Promise.resolve(disturb(String(data))).then((text) => {
      if (text !== null) super.send(text)
    })
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
for (const relay of relays.values()) (await relay).close()
await server.close()
console.log(JSON.stringify({ reached, took }))
