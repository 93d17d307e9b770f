import { classOfLink } from '../../model/state-class.ts'
import { peerKey } from '../../model/selection.ts'
import type { InspectorState, LinkState, PeerState } from '../../model/state.ts'
import type { GroupShape } from './ring-layout.ts'

export interface SceneGroup extends GroupShape {
  /** Its peers, ascending by id. */
  readonly peers: readonly PeerState[]
}

/** Who and what is in the picture at a moment, in an order. */
export class Scene {
  readonly groups: readonly SceneGroup[]
  readonly peers: ReadonlyMap<string, PeerState>
  readonly links: ReadonlyMap<string, LinkState>
  #linksOf: Map<string, LinkState[]> | null = null

  constructor({ peers, links }: Pick<InspectorState, 'peers' | 'links'>) {
    this.peers = peers
    this.links = links
    this.groups = groupsOf(peers.values())
  }

  /** The links of a peer, ascending by the other one's id. */
  linksOf(key: string): readonly LinkState[] {
    this.#linksOf ??= linksByPeer(this.links.values())
    return this.#linksOf.get(key) ?? []
  }

  group(name: string): SceneGroup | undefined {
    return this.groups.find(({ group }) => group === name)
  }

  /** The peers of all groups, in the order in which they are read and walked through. */
  get order(): readonly PeerState[] {
    return this.groups.flatMap(({ peers }) => peers)
  }
}

function groupsOf(peers: Iterable<PeerState>): SceneGroup[] {
  const byGroup = new Map<string, PeerState[]>()
  for (const peer of peers) {
    const members = byGroup.get(peer.group)
    if (members) members.push(peer)
    else byGroup.set(peer.group, [peer])
  }
  return [...byGroup]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, members]) => {
      members.sort((a, b) => a.id - b.id)
      const isStar = members.some(({ mode }) => mode === 'server' || mode === 'client')
      return { group, peers: members, ids: members.map(({ id }) => id), isStar }
    })
}

function linksByPeer(links: Iterable<LinkState>): Map<string, LinkState[]> {
  const byPeer = new Map<string, { other: number; link: LinkState }[]>()
  const add = (id: number, other: number, link: LinkState): void => {
    const key = peerKey(link.group, id)
    const list = byPeer.get(key)
    if (list) list.push({ other, link })
    else byPeer.set(key, [{ other, link }])
  }
  for (const link of links) {
    add(link.low, link.high, link)
    add(link.high, link.low, link)
  }
  const sorted = [...byPeer].map(([key, list]) => [key, list.sort((a, b) => a.other - b.other)] as const)
  return new Map(sorted.map(([key, list]) => [key, list.map(({ link }) => link)]))
}

/** How many links a peer has in a whole mesh of those who are there: to all others, or, with a server in the middle, to that one. */
export function expectedLinks({ isStar, peers }: SceneGroup, of: number): number {
  const others = peers.filter(({ id, goneAt }) => id !== of && goneAt === null)
  return isStar && of !== 1 ? others.filter(({ id }) => id === 1).length : others.length
}

/** How many of its links are connected, as both sides say. */
export function connectedLinks(scene: Scene, key: string): number {
  return scene.linksOf(key).filter((link) => classOfLink(link) === 'connected').length
}
