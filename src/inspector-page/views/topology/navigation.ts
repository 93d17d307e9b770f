import { peerKey } from '../../model/selection.ts'
import type { Item } from './item.ts'
import type { Scene } from './scene.ts'

/** Where the keyboard is: an item, and for a link the peer from which it was reached. */
export interface Cursor extends Item {
  readonly from?: string
}

/** Keys that move through the picture. */
export type MoveKey = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End' | 'PageUp' | 'PageDown'

const MOVES: readonly string[] = [
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'Home',
  'End',
  'PageUp',
  'PageDown',
] satisfies MoveKey[]

export const isMoveKey = (key: string): key is MoveKey => MOVES.includes(key)

/**
 * Left and right: the previous and next peer, through all groups, or, on a link, the previous and next link of the same peer. Down: from a peer to its links, and along a link to
 * the peer at its other end. Up: back from a link to its peer. Home and End: first and last; Page Up and Page Down: previous and next group.
 */
export function move(scene: Scene, cursor: Cursor | null, key: MoveKey): Cursor | null {
  const order = scene.order.map(({ key }) => key)
  const first = order[0]
  if (first === undefined) return null
  if (cursor === null) return peer(first)
  if (key === 'PageUp' || key === 'PageDown') return neighbourGroup(scene, cursor, key === 'PageUp' ? -1 : 1)
  return cursor.kind === 'peer' ? moveFromPeer(scene, order, cursor, key) : moveFromLink(scene, cursor, key)
}

const peer = (key: string): Cursor => ({ kind: 'peer', key })

function moveFromPeer(scene: Scene, order: readonly string[], cursor: Cursor, key: MoveKey): Cursor {
  if (key === 'ArrowUp') return cursor
  if (key === 'ArrowDown') {
    const link = scene.linksOf(cursor.key)[0]
    return link ? { kind: 'link', key: link.key, from: cursor.key } : cursor
  }
  const next = step(order, cursor.key, key)
  return next === undefined ? cursor : peer(next)
}

function moveFromLink(scene: Scene, cursor: Cursor, key: MoveKey): Cursor | null {
  const from = originOf(scene, cursor)
  if (from === undefined) return null
  if (key === 'ArrowUp') return peer(from)
  if (key === 'ArrowDown') return peer(otherEnd(scene, cursor.key, from) ?? from)
  const next = step(
    scene.linksOf(from).map((link) => link.key),
    cursor.key,
    key,
  )
  return next === undefined ? cursor : { kind: 'link', key: next, from }
}

/** The peer from which a link is looked at: the one that it was reached from, or else its lower end. */
export function originOf(scene: Scene, { key, from }: Cursor): string | undefined {
  if (from !== undefined && scene.peers.has(from)) return from
  const link = scene.links.get(key)
  return link && peerKey(link.group, link.low)
}

function otherEnd(scene: Scene, key: string, from: string): string | undefined {
  const link = scene.links.get(key)
  if (!link) return undefined
  const [low, high] = [peerKey(link.group, link.low), peerKey(link.group, link.high)]
  return from === low ? high : low
}

function step(keys: readonly string[], current: string, key: MoveKey): string | undefined {
  if (key === 'Home') return keys[0]
  if (key === 'End') return keys.at(-1)
  const index = keys.indexOf(current)
  if (index < 0) return keys[0]
  const by = key === 'ArrowLeft' ? -1 : 1
  return keys[(index + by + keys.length) % keys.length]
}

function neighbourGroup(scene: Scene, cursor: Cursor, by: number): Cursor {
  const of = cursor.kind === 'peer' ? scene.peers.get(cursor.key) : scene.links.get(cursor.key)
  const index = scene.groups.findIndex(({ group }) => group === of?.group)
  const { length } = scene.groups
  const first = scene.groups[(index + by + length) % length]?.peers[0]?.key
  return first === undefined ? cursor : peer(first)
}

/** Where the keyboard goes when what it was on has left the picture: to the peer of a link, else to the first one. */
export function recover(scene: Scene, cursor: Cursor): Cursor | null {
  if (cursor.kind === 'link' && cursor.from !== undefined && scene.peers.has(cursor.from)) return peer(cursor.from)
  const first = scene.groups[0]?.peers[0]?.key
  return first === undefined ? null : peer(first)
}
