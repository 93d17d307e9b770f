import { describe, expect, test } from '@jest/globals'
import { rpc, type RpcPermission } from '../../../../src/services/multiplayer-api/rpc/index.ts'
import { RpcNet } from './rpc-net.ts'

const PERMISSIONS: readonly RpcPermission[] = ['any-peer', 'authority', 'disabled']

/** Nodes of peers 1, 2 and 3 with one method; calls it on 2 towards 1, 2 or others, and tells where it ran. */
async function whereItRuns(options: {
  permission: RpcPermission
  callLocal: boolean
  authority: number
  to: number
  /** What everybody but the caller has declared. */
  remotePermission?: RpcPermission
}): Promise<{ ran: number[]; error: string | null; violations: string[] }> {
  const { permission, callLocal, authority, to, remotePermission = permission } = options
  const net = new RpcNet()
  const ran: number[] = []
  const nodes = [1, 2, 3].map((id) =>
    net
      .add(id)
      .endpoint.node(
        '/root/N',
        { m: rpc({ permission: id === 2 ? permission : remotePermission, callLocal }, () => ran.push(id)) },
        { authority },
      ),
  )
  net.connectAll()
  let error: string | null = null
  try {
    nodes[1]?.m.to(to)()
  } catch (thrown) {
    error = (thrown as { code: string }).code
  }
  await net.settle()
  return { ran: ran.sort(), error, violations: [1, 3].flatMap((id) => net.peer(id).port.violations) }
}

describe('where a call of peer 2 among 1, 2 and 3 is carried out', () => {
  const rows = [0, 1, 2, -1, -2, -9].flatMap((to) => [true, false].map((callLocal) => ({ to, callLocal })))
  /** Without the local one. */
  const remotely: Readonly<Record<number, number[]>> = {
    0: [1, 3],
    1: [1],
    2: [],
    [-1]: [3],
    [-2]: [1, 3],
    [-9]: [1, 3],
  }
  /** Not for itself alone, nor when it is the one left out. */
  const locally: Readonly<Record<number, boolean>> = { 0: true, 1: false, 2: true, [-1]: true, [-2]: false, [-9]: true }

  test.each(rows)('target $to, callLocal $callLocal', async ({ to, callLocal }) => {
    const result = await whereItRuns({ permission: 'any-peer', callLocal, authority: 1, to })
    const here = callLocal && locally[to] === true ? [2] : []
    expect(result).toEqual({
      ran: [...(remotely[to] ?? []), ...here].sort(),
      error: to === 2 && !callLocal ? 'ERR_INVALID_PARAMETER' : null,
      violations: [],
    })
  })
})

describe('who may call', () => {
  const rows = PERMISSIONS.flatMap((permission) => [1, 2, 3].map((authority) => ({ permission, authority })))

  test.each(rows)('$permission, authority $authority: the caller 2 is told', async ({ permission, authority }) => {
    const isAllowed = permission === 'any-peer' || (permission === 'authority' && authority === 2)
    const result = await whereItRuns({ permission, authority, callLocal: false, to: 0 })
    expect(result).toEqual(
      isAllowed ? { ran: [1, 3], error: null, violations: [] } : { ran: [], error: 'ERR_UNAUTHORIZED', violations: [] },
    )
  })

  test.each(rows)('$permission, authority $authority: the receivers check for themselves', async (row) => {
    const isAllowed = row.permission === 'any-peer' || (row.permission === 'authority' && row.authority === 2)
    const result = await whereItRuns({
      permission: 'any-peer',
      remotePermission: row.permission,
      authority: row.authority,
      callLocal: false,
      to: 0,
    })
    expect(result).toEqual({
      ran: isAllowed ? [1, 3] : [],
      error: null,
      violations: isAllowed ? [] : ['2 not-permitted', '2 not-permitted'],
    })
  })

  test('nobody is asked when a call is only for oneself', async () => {
    const result = await whereItRuns({ permission: 'authority', authority: 1, callLocal: true, to: 2 })
    expect(result).toEqual({ ran: [2], error: null, violations: [] })
  })

  test('the authority can change', async () => {
    const net = new RpcNet()
    const from: number[] = []
    const methods = { m: rpc({}, ({ from: peer }) => from.push(peer)) }
    const [a, b] = [1, 2].map((id) => net.add(id).endpoint.node('/root/N', methods))
    if (a === undefined || b === undefined) throw new Error('no nodes')
    net.connectAll()
    expect([a.$authority, a.$isAuthority, b.$isAuthority]).toEqual([1, true, false])
    a.$authority = 2
    b.$authority = 2
    expect([a.$isAuthority, b.$isAuthority]).toEqual([false, true])
    b.m()
    await net.settle()
    expect(from).toEqual([2])
    expect(() => (b.$authority = 0)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAMETER' }))
  })
})
