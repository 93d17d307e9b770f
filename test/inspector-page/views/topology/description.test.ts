import { beforeAll, describe, expect, test } from '@jest/globals'
import { Session } from '../../../../src/inspector-page/model/session.ts'
import { linkKey, peerKey } from '../../../../src/inspector-page/model/selection.ts'
import type { LinkState, PeerState } from '../../../../src/inspector-page/model/state.ts'
import type { InspectorMessage } from '../../../../src/services/inspector/wire/messages.ts'
import {
  candidateText,
  describeLink,
  describePeer,
  END_ROWS,
  linkName,
  peerName,
  sceneSummary,
} from '../../../../src/inspector-page/views/topology/description.ts'
import { namesOf as peerNames } from '../../../../src/inspector-page/views/topology/names.ts'
import { lookOfPeer } from '../../../../src/inspector-page/views/topology/peer-look.ts'
import { byteRateText, durationText, rateText } from '../../../../src/inspector-page/views/topology/quantity-text.ts'
import { connectedLinks, expectedLinks, Scene } from '../../../../src/inspector-page/views/topology/scene.ts'
import { inspectorSession, LOBBY } from '../../../support/inspector-session.ts'
import { link, Teller } from '../../support/teller.ts'

let messages: InspectorMessage[]
beforeAll(async () => {
  messages = await inspectorSession()
})

/** The lobby of the fixture, some seconds after its beginning. */
function lobbyAfter(seconds: number): { session: Session; scene: Scene } {
  const session = new Session()
  const begin = messages[0]?.time ?? 0
  session.applyAll(messages.filter(({ time }) => time - begin <= seconds * 1_000))
  return { session, scene: new Scene(session) }
}

const namesOf = (scene: Scene): string[] => scene.order.map((peer) => peerName(scene, peer))

function linkOf({ links }: Scene, low: number, high: number): LinkState {
  const link = links.get(linkKey(LOBBY, low, high))
  if (!link) throw new Error(`nobody tells of ${low} and ${high}`)
  return link
}

function peerOf({ peers }: Scene, id: number): PeerState {
  const peer = peers.get(peerKey(LOBBY, id))
  if (!peer) throw new Error(`nobody tells of ${id}`)
  return peer
}

describe('a lobby in words', () => {
  test('while two do not reach each other, one reports nothing, and another waits for its server', () => {
    const { scene } = lobbyAfter(8)
    expect(sceneSummary(scene)).toBe('6 peers, 15 links, 9 connected')
    expect(namesOf(scene)).toEqual([
      'peer 1, connected to 4 of 5',
      'peer 2, connected to 3 of 5',
      'peer 3, connected to 3 of 5',
      'peer 4, told of by others only, connected to 4 of 5',
      'peer 5, connected to 4 of 5',
      'peer 6, connected to 0 of 5',
    ])
    const looks = scene.order.map((peer) => lookOfPeer(peer, false))
    expect(looks.map(({ state, isHearsay }) => (isHearsay ? `${state}, hearsay` : state))).toEqual([
      'connected',
      'connected',
      'connected',
      'other, hearsay',
      'connected',
      'connecting',
    ])
  })

  test('after one was killed', () => {
    const { scene } = lobbyAfter(27)
    expect(namesOf(scene).slice(3)).toEqual([
      'peer 4, told of by others only, connected to 3 of 4',
      'peer 5, gone, connected to 0 of 5',
      'peer 6, connected to 0 of 4',
    ])
    expect(lookOfPeer(peerOf(scene, 5), false)).toMatchObject({ state: 'closed', isGone: true })
    expect(describePeer(scene, peerOf(scene, 5), null).rows[0]).toEqual(['status', 'gone'])
  })

  test('of a link: what each end says of it', () => {
    const { scene } = lobbyAfter(8)
    const between = linkOf(scene, 1, 2)
    expect(linkName(between)).toBe('link 1 to 2, connected, 36 ms')
    const { ends, path, verdict } = describeLink(between)
    expect(ends.map(({ id }) => id)).toEqual([1, 2])
    for (const { values } of ends) {
      expect(values).toHaveLength(END_ROWS.length)
      expect(values?.slice(0, 2)).toEqual(['connected', '36 ms'])
      expect(values?.slice(4)).toEqual(['0 B', '0'])
    }
    expect(path).toMatch(/^udp, host 10\.\d+\.\d+\.\d+:\d+ ↔ host 10\.\d+\.\d+\.\d+:\d+$/)
    expect(verdict).toBe('')
    expect(linkName(linkOf(scene, 2, 6))).toBe('link 2 to 6, open, not admitted, 36 ms')
  })

  test('of a link that was given up: why', () => {
    const given = linkOf(lobbyAfter(17).scene, 2, 3)
    expect(linkName(given)).toBe('link 2 to 3, gave up')
    expect(describeLink(given)).toMatchObject({ verdict: expect.stringMatching(/^[a-z-]+: .{20}/), path: '' })
  })

  test('of a link that only one end tells of', () => {
    const { ends } = describeLink(linkOf(lobbyAfter(8).scene, 3, 4))
    expect(ends.map(({ values }) => values === null)).toEqual([false, true])
  })

  test('of a peer: what it does, or that it reports nothing', () => {
    const { scene } = lobbyAfter(8)
    const { rows } = describePeer(scene, peerOf(scene, 1), 'player 1')
    expect(rows.map(([name]) => name)).toEqual(['status', 'mode', 'reports as', 'sends', 'receives'])
    expect(Object.fromEntries(rows)).toMatchObject({ status: 'connected', mode: 'mesh', 'reports as': 'player 1' })
    expect(describePeer(scene, peerOf(scene, 4), null).rows).toEqual([
      ['status', 'unknown'],
      ['reports', 'nothing; others tell of it'],
    ])
  })
})

test('a star has one link for each client', () => {
  const [server, client] = [new Teller('server'), new Teller('client')]
  const session = new Session()
  session.applyAll([
    server.actor('mesh', 'mesh', 1, { sessionId: 'x:0', context: { mode: 'server', uniqueId: 1 } }),
    server.facts(1, [link(2), link(3, 'connecting')]),
    client.actor('mesh', 'mesh', 2, { sessionId: 'x:0', context: { mode: 'client', uniqueId: 2 } }),
    client.facts(2, [link(1)]),
  ])
  const scene = new Scene(session)
  const [group] = scene.groups
  expect(group?.isStar).toBe(true)
  expect([1, 2, 3].map((id) => group && expectedLinks(group, id))).toEqual([2, 1, 1])
  expect([1, 2, 3].map((id) => connectedLinks(scene, `tea|${id}`))).toEqual([1, 1, 0])
  expect(scene.order.map((peer) => lookOfPeer(peer, true).isServer)).toEqual([true, false, false])
})

test('an id of Godot is written beside its peer, a short one inside', () => {
  const session = new Session()
  const teller = new Teller()
  session.applyAll([teller.mesh(4_711), teller.facts(4_711, [link(1_839_201_834)])])
  expect(new Scene(session).order.map((peer) => lookOfPeer(peer, false))).toMatchObject([
    { inside: '4711', beside: '' },
    { inside: '', beside: '1839201834' },
  ])
})

test('a peer is called as what reports of it, unless that reports of several', () => {
  const session = new Session()
  const [one, two] = [new Teller('one'), new Teller('two')]
  session.applyAll([one.begin('Ada'), two.begin('Grace'), one.mesh(1), two.mesh(2), two.facts(2, [link(3)])])
  const names = (): ReadonlyMap<string, string> => peerNames(session, new Scene(session))
  expect([...names()]).toEqual([
    ['tea|1', 'Ada'],
    ['tea|2', 'Grace'],
  ])
  session.apply(one.mesh(4, 'connected', 'x:9'))
  expect([...names()]).toEqual([['tea|2', 'Grace']])
})

test('quantities', () => {
  expect(byteRateText(1_234)).toBe('1.2 kB/s')
  expect([0, 0.25, 9.4, 120.4].map(rateText)).toEqual(['0/s', '0.3/s', '9.4/s', '120/s'])
  expect([null, 0, 0.42, 36, 1_500].map(durationText)).toEqual(['–', '0 ms', '0.4 ms', '36 ms', '1.5 s'])
  expect(candidateText({ type: 'relay', protocol: 'udp', address: '2001:db8::1', port: 3478 })).toBe(
    'relay [2001:db8::1]:3478',
  )
})
