import { once } from 'node:events'
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import WebSocket from 'ws'
import { type JoinedLobby, joinLobby } from '../../../../src/lobby.ts'
import { Child } from '../../../support/child-process.ts'
import { wait, waitFor } from '../../../support/real-time.ts'
import { HAS_REDIS, RedisServer } from '../../../support/redis-server.ts'
import { removeBundles } from '../../../support/run-child.ts'
import { TcpBalancer } from '../../../support/tcp-balancer.ts'

const SERVER = 'test/services/lobby/fleet/server-process.ts'
const MEMBER = 'test/services/lobby/fleet/member-process.ts'
const LOBBY = 'fleet'
/** Milliseconds after which a server that says nothing is given up; the default is 5 s. */
const LEASE = 2_000

type ServerNews = { readonly port: number }
type MemberNews = { readonly id: number; readonly connected: readonly number[] }

/** A member in this process, with what its application heard. */
interface Member {
  readonly joined: JoinedLobby
  readonly heard: string[]
}

let redis: RedisServer
let balancer: TcpBalancer
const servers: Child<ServerNews>[] = []
const members: Member[] = []
const children: Child<unknown>[] = []

beforeEach(async () => {
  redis = await RedisServer.start()
  for (let index = 0; index < 2; index++) await startServer()
  balancer = await TcpBalancer.open(servers.map(portOf))
})
afterEach(async () => {
  await Promise.all(members.splice(0).map(({ joined }) => joined.leave()))
  balancer.close()
  await Promise.all([...servers.splice(0), ...children.splice(0)].map((child) => child.kill()))
  await redis.stop()
})
afterAll(removeBundles)

async function startServer(): Promise<void> {
  const server = await Child.start<ServerNews>(SERVER, redis.url, String(LEASE))
  servers.push(server)
  await waitFor(() => server.news.length > 0, `the server is up (${server.errors})`)
}

const portOf = (server: Child<ServerNews>): number => server.news[0]?.port ?? 0
const urlOf = (port: number): string => `ws://127.0.0.1:${port}`

/** Joins, at one of the servers or through the balancer, and waits until everyone of this process is connected. */
async function join(port = balancer.port): Promise<Member> {
  const joined = await joinLobby(urlOf(port), {
    lobby: LOBBY,
    create: { onHostLeave: 'keep' },
    connection: { libdatachannel: { bindAddress: '127.0.0.1' } },
    backOff: { first: 100, longest: 1_000 },
    // A server whose Redis has just come back may not know it yet.
    retries: 20,
  })
  const heard: string[] = []
  const member = { joined, heard }
  joined.peer.peerConnected$.subscribe((id) => heard.push(`+${id}`))
  joined.peer.peerDisconnected$.subscribe((id) => heard.push(`-${id}`))
  members.push(member)
  await waitFor(allConnected, 'everyone is connected to everyone')
  return member
}

const connectedOf = ({ joined: { peer } }: Member): number[] =>
  [...peer.getPeers()].filter(([, { connected }]) => connected).map(([id]) => id)

function allConnected(): boolean {
  const ids = members.map(({ joined }) => joined.id)
  return members.every((member) => {
    const others = ids.filter((id) => id !== member.joined.id).sort()
    return (
      connectedOf(member).sort().join() === others.join() && [...member.joined.members].sort().join() === others.join()
    )
  })
}

const allJoined = (): boolean => members.every(({ joined }) => joined.state === 'joined')

/** Forgets what was heard until now. */
function deafen(): void {
  for (const { heard } of members) heard.length = 0
}

const allHeard = (): string[] => members.flatMap(({ heard }) => heard)

/** A member that speaks the demo's protocol alone, and connects to nobody. */
async function enterPlainly(port: number): Promise<WebSocket> {
  const socket = new WebSocket(urlOf(port))
  socket.on('error', () => undefined)
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 0, id: 0, data: LOBBY }))
  return socket
}

/** A plain socket's view of the lobby: who a newcomer is told of. */
async function membersToldToNewcomer(port: number): Promise<number[]> {
  const socket = new WebSocket(urlOf(port))
  const ids: number[] = []
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => socket.send(JSON.stringify({ type: 0, id: 0, data: LOBBY })))
    socket.on('error', reject)
    socket.on('close', (_code, reason) => reject(new Error(reason.toString())))
    socket.on('message', (data: Buffer) => {
      const { type, id } = JSON.parse(data.toString()) as { type: number; id: number }
      if (type === 2) ids.push(id)
      if (type === 0) resolve()
    })
  })
  const count = members.length
  await waitFor(() => members.every(({ joined }) => joined.members.length === count), 'everyone has seen the newcomer')
  socket.removeAllListeners('close')
  socket.close()
  await waitFor(allConnected, 'the newcomer has left again')
  return ids.sort((a, b) => a - b)
}

const idsOfMembers = (): number[] => members.map(({ joined }) => joined.id).sort((a, b) => a - b)

const describeWithRedis = HAS_REDIS ? describe : describe.skip

describeWithRedis('two servers on one Redis', () => {
  test('eight processes join through both; all 28 pairs connect', async () => {
    const processes: Child<MemberNews>[] = []
    for (let index = 0; index < 8; index++) {
      const child = await Child.start<MemberNews>(MEMBER, urlOf(portOf(servers[index % 2] as Child<ServerNews>)), LOBBY)
      children.push(child)
      processes.push(child)
    }
    await waitFor(
      () => processes.every(({ news }) => news.at(-1)?.connected.length === 7),
      `all are connected (${processes.map(({ errors }) => errors).join('')})`,
    )
    const ids = processes.map(({ news }) => news.at(-1)?.id ?? 0)
    expect(new Set(ids).size).toBe(8)
    expect(ids).toContain(1)
    for (const { news } of processes) {
      const { id, connected } = news.at(-1) as MemberNews
      expect([...connected, id].sort()).toEqual([...ids].sort())
    }
    for (const child of processes) child.tell({ leave: true })
    expect(await Promise.all(processes.map((child) => child.ended()))).toEqual(processes.map(() => 0))
  }, 60_000)

  test('a server is killed: its members take up their places at the other one, and nobody notices', async () => {
    for (let index = 0; index < 4; index++) await join()
    deafen()
    await servers[0]?.kill()
    await waitFor(() => members.some(({ joined }) => joined.state === 'reconnecting'), 'sockets were lost')
    await waitFor(allJoined, 'everyone is back in the lobby')
    const { joined } = await join()
    expect(allConnected()).toBe(true)
    expect(allHeard().filter((text) => text.startsWith('-'))).toEqual([])
    // The dead server's lease has run out by then, and whoever took up the place elsewhere is still there.
    await wait(2 * LEASE)
    expect(joined.state).toBe('joined')
    expect(await membersToldToNewcomer(portOf(servers[1] as Child<ServerNews>))).toEqual(idsOfMembers())
    expect(allHeard().filter((text) => text.startsWith('-'))).toEqual([])
  }, 60_000)

  test('a server is killed: members that cannot come back are reported gone within seconds', async () => {
    const [first, second] = servers.map(portOf)
    await join(second)
    await enterPlainly(first as number)
    const [member] = members as [Member]
    await waitFor(() => member.joined.members.length === 1, 'the plain member is there')
    const killed = performance.now()
    await servers[0]?.kill()
    await waitFor(() => member.joined.members.length === 0, 'the plain member is gone')
    expect(performance.now() - killed).toBeLessThan(LEASE + 3_000)
  }, 60_000)

  test('Redis is killed and back after 2 s, empty: nobody is lost, nobody appears, and newcomers connect', async () => {
    for (let index = 0; index < 4; index++) await join()
    deafen()
    await redis.kill()
    await wait(2_000)
    await redis.restart()
    await join()
    expect(allHeard().filter((text) => text.startsWith('-'))).toEqual([])
    await wait(2 * LEASE)
    for (const server of servers) expect(await membersToldToNewcomer(portOf(server))).toEqual(idsOfMembers())
    expect(allConnected() && allJoined()).toBe(true)
    expect(allHeard().filter((text) => text.startsWith('-'))).toEqual([])
  }, 60_000)

  test('a member leaves and a server dies while Redis is away: those are gone after, and nobody else', async () => {
    const [dying, staying] = servers as [Child<ServerNews>, Child<ServerNews>]
    for (let index = 0; index < 4; index++) await join(portOf(staying))
    const plain = await enterPlainly(portOf(dying))
    await waitFor(() => members.every(({ joined }) => joined.members.length === 4), 'the plain member is there')
    const [leaver] = members.splice(1, 1) as [Member]
    deafen()
    await redis.kill()
    await leaver.joined.leave()
    await dying.kill()
    plain.terminate()
    await wait(1_500)
    await redis.restart()
    await waitFor(allConnected, 'those who stayed know of nobody else')
    await join(portOf(staying))
    expect(await membersToldToNewcomer(portOf(staying))).toEqual(idsOfMembers())
    expect(allHeard().filter((text) => text.startsWith('-') && text !== `-${leaver.joined.id}`)).toEqual([])
  }, 60_000)

  test('all sockets are cut at once, again and again: everyone keeps place and peers', async () => {
    for (let index = 0; index < 4; index++) await join()
    deafen()
    const ids = idsOfMembers()
    for (let round = 0; round < 5; round++) {
      balancer.breakAll()
      await waitFor(() => !allJoined(), 'sockets were lost')
      await waitFor(allJoined, 'everyone is back in the lobby')
    }
    expect(idsOfMembers()).toEqual(ids)
    expect(allHeard()).toEqual([])
    await join()
    for (const server of servers) expect(await membersToldToNewcomer(portOf(server))).toEqual(idsOfMembers())
  }, 60_000)

  test('a server drains: its members move to the other one, and it ends by itself', async () => {
    for (let index = 0; index < 4; index++) await join()
    deafen()
    const [draining, staying] = servers as [Child<ServerNews>, Child<ServerNews>]
    draining.signal('SIGTERM')
    expect(await draining.ended()).toBe(0)
    await waitFor(allJoined, 'everyone is back in the lobby')
    expect(allHeard()).toEqual([])
    expect(await membersToldToNewcomer(portOf(staying))).toEqual(idsOfMembers())
  }, 60_000)
})
