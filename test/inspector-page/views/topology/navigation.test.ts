import { beforeAll, describe, expect, test } from '@jest/globals'
import { Session } from '../../../../src/inspector-page/model/session.ts'
import { isInScene, itemAt, nearerEnd } from '../../../../src/inspector-page/views/topology/item.ts'
import {
  type Cursor,
  isMoveKey,
  move,
  type MoveKey,
  recover,
} from '../../../../src/inspector-page/views/topology/navigation.ts'
import { layOutRings } from '../../../../src/inspector-page/views/topology/ring-layout.ts'
import { Scene } from '../../../../src/inspector-page/views/topology/scene.ts'
import { link, Teller } from '../../support/teller.ts'

/** A mesh of 1, 2, 3 and another of 5 and 8. */
function twoMeshes(): Scene {
  const session = new Session()
  const tell = (group: string, id: number, others: readonly number[]): void => {
    const teller = new Teller(`${group}-${id}`, { group })
    session.apply(teller.mesh(id))
    session.apply(
      teller.facts(
        id,
        others.map((other) => link(other)),
      ),
    )
  }
  tell('milk', 8, [5])
  tell('milk', 5, [8])
  for (const id of [3, 1, 2])
    tell(
      'tea',
      id,
      [1, 2, 3].filter((other) => other !== id),
    )
  return new Scene(session)
}

let scene: Scene
beforeAll(() => {
  scene = twoMeshes()
})

const walk = (from: Cursor | null, ...keys: MoveKey[]): (Cursor | null)[] => {
  let cursor = from
  return keys.map((key) => (cursor = move(scene, cursor, key)))
}
const peer = (key: string): Cursor => ({ kind: 'peer', key })

describe('keys', () => {
  test('left and right go through the peers of all groups, round and round', () => {
    const keys = Array.from({ length: 6 }, () => 'ArrowRight' as const)
    expect(walk(null, ...keys).map((cursor) => cursor?.key)).toEqual([
      'milk|5',
      'milk|8',
      'tea|1',
      'tea|2',
      'tea|3',
      'milk|5',
    ])
    expect(move(scene, peer('milk|5'), 'ArrowLeft')).toEqual(peer('tea|3'))
  })

  test('down goes to the links of a peer and along one, up goes back', () => {
    expect(walk(peer('tea|2'), 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowDown')).toEqual([
      { kind: 'link', key: 'tea|1-2', from: 'tea|2' },
      { kind: 'link', key: 'tea|2-3', from: 'tea|2' },
      { kind: 'link', key: 'tea|1-2', from: 'tea|2' },
      { kind: 'link', key: 'tea|2-3', from: 'tea|2' },
      peer('tea|3'),
    ])
    expect(walk(peer('tea|3'), 'ArrowDown', 'ArrowUp', 'ArrowUp').at(-1)).toEqual(peer('tea|3'))
  })

  test('home, end and the page keys', () => {
    expect(move(scene, peer('tea|2'), 'Home')).toEqual(peer('milk|5'))
    expect(move(scene, peer('tea|2'), 'End')).toEqual(peer('tea|3'))
    expect(walk(peer('tea|1'), 'ArrowDown', 'End').at(-1)).toEqual({ kind: 'link', key: 'tea|1-3', from: 'tea|1' })
    expect(move(scene, peer('tea|2'), 'PageDown')).toEqual(peer('milk|5'))
    expect(move(scene, { kind: 'link', key: 'milk|5-8' }, 'PageUp')).toEqual(peer('tea|1'))
    expect(isMoveKey('PageUp')).toBe(true)
    expect(isMoveKey('a')).toBe(false)
  })

  test('reach every peer and every link', () => {
    const seen = new Set<string>()
    let cursor = move(scene, null, 'Home')
    for (const { key } of scene.order) {
      expect(cursor?.key).toBe(key)
      seen.add(key)
      let on = move(scene, cursor, 'ArrowDown')
      for (let i = 0; i < scene.linksOf(key).length; i++) {
        seen.add(on?.key ?? '')
        on = move(scene, on, 'ArrowRight')
      }
      cursor = move(scene, cursor, 'ArrowRight')
    }
    expect([...seen].sort()).toEqual([...scene.peers.keys(), ...scene.links.keys()].sort())
  })

  test('do nothing where nobody is', () => {
    const empty = new Scene(new Session())
    expect(move(empty, null, 'ArrowRight')).toBe(null)
    expect(recover(empty, peer('tea|1'))).toBe(null)
  })
})

test('what has left the picture hands the keyboard to its peer, or to the first one', () => {
  expect(recover(scene, { kind: 'link', key: 'tea|1-9', from: 'tea|1' })).toEqual(peer('tea|1'))
  expect(recover(scene, { kind: 'link', key: 'tea|9-10', from: 'tea|9' })).toEqual(peer('milk|5'))
  expect(recover(scene, peer('tea|9'))).toEqual(peer('milk|5'))
  expect(isInScene(scene, { kind: 'link', key: 'tea|1-2' })).toBe(true)
  expect(isInScene(scene, { kind: 'peer', key: 'tea|1-2' })).toBe(false)
})

describe('what is pointed at', () => {
  const placesOf = (): Map<string, { x: number; y: number }> =>
    new Map(
      layOutRings(scene.groups).groups.flatMap(({ group, peers }) =>
        [...peers].map(([id, place]) => [`${group}|${id}`, place] as const),
      ),
    )

  test('is the peer, the nearest link within reach, or nothing', () => {
    const places = placesOf()
    const [one, two] = [places.get('tea|1'), places.get('tea|2')]
    if (!one || !two) throw new Error('they have no places')
    expect(itemAt(scene, places, one, 8)).toEqual({ kind: 'peer', key: 'tea|1' })
    const near = { x: one.x * 0.4 + two.x * 0.6, y: one.y * 0.4 + two.y * 0.6 + 3 }
    expect(itemAt(scene, places, near, 8)).toEqual({ kind: 'link', key: 'tea|1-2' })
    expect(itemAt(scene, places, near, 1)).toBe(null)
    expect(itemAt(scene, places, { x: -1e4, y: 0 }, 8)).toBe(null)
    const between = scene.links.get('tea|1-2')
    if (!between) throw new Error('there is no link')
    expect(nearerEnd(between, places, near)).toBe(2)
    expect(nearerEnd(between, places, one)).toBe(1)
    expect(nearerEnd(between, new Map(), one)).toBe(1)
  })
})
