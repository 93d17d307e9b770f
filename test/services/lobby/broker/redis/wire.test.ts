import { describe, expect, test } from '@jest/globals'
import { encodeArguments, toStored, withMissing } from '../../../../../src/services/lobby/broker/redis/wire.ts'
import type { StoredLobby } from '../../../../../src/services/lobby/broker/redis/wire.ts'

type Lobby = Parameters<typeof toStored>[0]

/** A lobby whose members are given as `id@node`, in the order of joining. */
function lobby(
  members: string,
  changes: Partial<Lobby['fields']> & { readonly recovering?: boolean } = {},
): StoredLobby {
  const { recovering = false, ...fields } = changes
  const list = members.split(' ').map((text) => text.split('@') as [string, string])
  return toStored({
    name: 'castle',
    recovering,
    fields: {
      ...{ birth: 'b', created: '1', base: '1', mode: 'mesh', sealed: '0', host: '1', onHostLeave: 'keep' },
      ...{ listed: '1', maxMembers: '8', metadata: '', revision: '9' },
      ...fields,
    },
    members: list.map(([id, node]) => ({ id: Number(id), session: `s-${id}`, node, order: Number(id), since: 1 })),
  })
}

const idsOf = ({ record }: StoredLobby): number[] => [...record.members.keys()]

describe('a lobby from Redis', () => {
  test('has its members in the order of joining, whatever order they come in', () => {
    expect(idsOf(lobby('3@a 1@a 2@b'))).toEqual([1, 2, 3])
  })

  test.each([
    ['the host that is there', '1@a 2@a', '1', 1],
    ['another one', '1@a 2@a', '2', 2],
    ['the first, where the host is missing', '2@a 3@a', '1', 2],
  ])('has as host %s', (_what, members, host, expected) => {
    expect(lobby(members, { host }).record.host).toBe(expected)
  })

  test.each([
    ['nobody, when nothing was lost', lobby('1@a'), [1]],
    ['those whose servers have not brought them back', lobby('1@a', { recovering: true, settled: 'a ' }), [1, 2, 3]],
    ['none of a server that has', lobby('1@a', { recovering: true, settled: 'a b ' }), [1, 3]],
    ['nobody of another lobby of that name', lobby('1@a', { recovering: true, birth: 'other' }), [1]],
  ])('while data are brought back, keeps %s', (_what, now, expected) => {
    expect(idsOf(withMissing(lobby('1@a 2@b 3@c 4@own'), now, 'own'))).toEqual(expected)
  })
})

test('text that is no Unicode is made so, all other text stays', () => {
  const text = { a: 'x\ud800y', b: ['\udfff'], c: '🚀\u0000"\\', d: 7 }
  expect(JSON.parse(encodeArguments(text))).toEqual({ a: 'x\ufffdy', b: ['\ufffd'], c: '🚀\u0000"\\', d: 7 })
})
