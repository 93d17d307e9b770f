import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { LobbyMessageType } from '../../../../src/protocol/lobby/message.ts'
import { lobbyOperation, type LobbyOperation } from '../../../../src/services/lobby/operation/lobby-operation.ts'
import type { LobbyStats } from '../../../../src/services/lobby/server/lobby-stats.ts'

const STATS: LobbyStats = {
  sockets: 11,
  pendingSockets: 2,
  lobbies: 3,
  members: 9,
  lostMembers: 4,
  keptSignals: 5,
  isBrokerAvailable: true,
  isDraining: false,
  joins: 0,
  leaves: 0,
  resumes: 0,
  lobbiesCreated: 0,
  signals: 0,
  refusals: {},
  drops: {},
  closes: {},
}

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

async function ask({ routes }: LobbyOperation, path: string, method = 'GET'): Promise<Reply> {
  const request = new IncomingMessage(new Socket())
  request.method = method
  const response = new ServerResponse(request)
  let body = ''
  response.end = ((text?: string) => {
    body = text ?? ''
    return response
  }) as typeof response.end
  await routes.get(path)?.(request, response)
  return { status: response.statusCode, headers: response.getHeaders(), body }
}

const server = (isReady: boolean, stats: Partial<LobbyStats> = {}) => ({
  isReady,
  stats: () => ({ ...STATS, ...stats }),
})

describe('readiness', () => {
  test.each([
    ['before the server is known', null, 503, { ready: false, reason: 'starting' }],
    ['when it is ready', server(true), 200, { ready: true }],
    ['while it drains', server(false, { isDraining: true }), 503, { ready: false, reason: 'draining' }],
    [
      'without its broker',
      server(false, { isBrokerAvailable: false }),
      503,
      { ready: false, reason: 'the broker cannot be reached' },
    ],
    ['when it does not listen', server(false), 503, { ready: false, reason: 'not listening' }],
  ])('%s', async (_, attached, status, body) => {
    const operation = await lobbyOperation()
    if (attached !== null) operation.attach(attached)
    const reply = await ask(operation, '/readyz')
    expect({ status: reply.status, body: JSON.parse(reply.body) as unknown }).toEqual({ status, body })
    expect(await ask(operation, '/healthz')).toMatchObject({ status: 200, body: 'ok\n' })
  })
})

describe('requests', () => {
  test.each(['POST', 'PUT', 'DELETE'])('%s is refused', async (method) => {
    const { status, headers } = await ask(await lobbyOperation(), '/healthz', method)
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: 'GET, HEAD' })
  })

  test('HEAD has the headers alone, and nobody keeps an answer', async () => {
    const reply = await ask(await lobbyOperation(), '/readyz', 'HEAD')
    expect(reply).toMatchObject({ status: 503, body: '' })
    expect(reply.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' })
    expect(reply.headers['content-length']).toBeGreaterThan(10)
  })

  test('what fails is a 500 without its cause, and is logged', async () => {
    const errors: unknown[] = []
    const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined }
    const operation = await lobbyOperation({ logger: { ...logger, error: (details) => errors.push(details) } })
    const cause = new Error('secret')
    operation.attach({
      isReady: false,
      stats: () => {
        throw cause
      },
    })
    expect(await ask(operation, '/readyz')).toMatchObject({ status: 500, body: 'Internal error\n' })
    expect(errors).toEqual([{ err: cause }])
  })
})

describe('metrics', () => {
  /** The lines of one metric. */
  async function lines(operation: LobbyOperation, name: string): Promise<string[]> {
    const { body } = await ask(operation, '/metrics')
    return body.split('\n').filter((line) => line.startsWith(`webrtc_lobby_${name}`))
  }

  test.each([
    ['sockets', 11],
    ['pending_sockets', 2],
    ['lobbies', 3],
    ['members', 9],
    ['lost_members', 4],
    ['kept_signals', 5],
    ['broker_available', 1],
    ['draining', 0],
  ])('gauge %s is what the server says now', async (name, value) => {
    const operation = await lobbyOperation()
    expect(await lines(operation, `${name} `)).toEqual([`webrtc_lobby_${name} 0`])
    operation.attach(server(true))
    expect(await lines(operation, `${name} `)).toEqual([`webrtc_lobby_${name} ${value}`])
  })

  test.each<[name: string, (observer: LobbyOperation['observer']) => void, line: string]>([
    ['sockets_opened_total', (o) => o.socketOpened?.('text'), '{dialect="text"} 1'],
    ['sockets_closed_total', (o) => o.socketClosed?.('json', 4000), '{dialect="json",code="4000"} 1'],
    ['sockets_closed_total', (o) => o.socketClosed?.('json', 3777), '{dialect="json",code="other"} 1'],
    ['lobbies_created_total', (o) => o.lobbyCreated?.(), ' 1'],
    ['joins_total', (o) => o.memberJoined?.('extended'), '{dialect="extended"} 1'],
    ['leaves_total', (o) => o.memberLeft?.(), ' 1'],
    ['resumes_total', (o) => o.memberResumed?.(true), '{moved="true"} 1'],
    ['signals_total', (o) => o.signalRelayed?.(LobbyMessageType.CANDIDATE, 1), '{type="candidate"} 1'],
    ['signals_total', (o) => o.signalRelayed?.(999, 1), '{type="other"} 1'],
    ['refusals_total', (o) => o.refused?.('lobby-full'), '{code="lobby-full"} 1'],
    ['drops_total', (o) => o.dropped?.('duplicate'), '{reason="duplicate"} 1'],
    ['broker_outages_total', (o) => o.brokerAvailable?.(false), ' 1'],
    ['broker_outages_total', (o) => o.brokerAvailable?.(true), ' 0'],
    ['signal_seconds_bucket', (o) => o.signalRelayed?.(LobbyMessageType.OFFER, 0.2), '{le="0.0001"} 0'],
    ['signal_seconds_bucket', (o) => o.signalRelayed?.(LobbyMessageType.OFFER, 0.2), '{le="0.00025"} 1'],
    ['signal_seconds_sum', (o) => o.signalRelayed?.(LobbyMessageType.OFFER, 500), ' 0.5'],
  ])('counter %s, %s', async (name, happen, line) => {
    const operation = await lobbyOperation()
    happen(operation.observer)
    expect(await lines(operation, name)).toContain(`webrtc_lobby_${name}${line}`)
  })

  test('two servers of a process do not share theirs, but those of the process', async () => {
    const [one, other] = [await lobbyOperation(), await lobbyOperation()]
    one.observer.memberLeft?.()
    expect(await lines(one, 'leaves_total')).toEqual(['webrtc_lobby_leaves_total 1'])
    expect(await lines(other, 'leaves_total')).toEqual(['webrtc_lobby_leaves_total 0'])
    for (const { body } of [await ask(one, '/metrics'), await ask(other, '/metrics')])
      expect(body).toMatch(/^process_resident_memory_bytes \d+$/m)
  })

  test('the format is that of Prometheus', async () => {
    const { status, headers } = await ask(await lobbyOperation(), '/metrics')
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
    })
  })

  test('they can be left out', async () => {
    const { routes, observer } = await lobbyOperation({ metrics: false })
    expect([...routes.keys()]).toEqual(['/healthz', '/readyz'])
    expect(observer).toEqual({})
  })
})
