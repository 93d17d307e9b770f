import type { FactsMessage } from '../../services/inspector/wire/messages.ts'
import { LinkEndRecord } from './link-end.ts'
import { linkKey, peerKey } from './selection.ts'
import type { ActorState, LinkState, PeerState, VerdictState } from './state.ts'
import { valueText } from './value-text.ts'

/** Milliseconds for which what is gone is still told of: the pictures let it fade, nobody shall have to look twice. */
export const GONE_KEPT = 10_000
/** A peer that reports no more, while others still tell of it after this time, lives: it is the report that was lost. Longer than it takes any platform to see that a peer is dead: Node's library asks for consent for 30 s. */
const BELIEVED_AFTER = 35_000

interface Link extends LinkState {
  readonly ends: ReadonlyMap<number, LinkEndRecord>
}

/** Who is in which mesh, and what is between them: put together from what actors and looks at connections tell. */
export class MeshBook {
  readonly peers: Map<string, PeerState>
  readonly links: Map<string, Link>
  /** Keys of the links that a mesh has told of, by its session id; made when first needed. */
  #told: Map<string, Set<string>> | null = null

  constructor(peers: Iterable<[string, PeerState]> = [], links: Iterable<[string, Link]> = []) {
    this.peers = new Map(peers)
    this.links = new Map(links)
  }

  copy(): MeshBook {
    return new MeshBook(this.peers, this.links)
  }

  /** A mesh actor is there, or says something else than before. */
  meshChanged(mesh: ActorState, before: ActorState | undefined, time: number): void {
    if (before && (before.uniqueId !== mesh.uniqueId || before.group !== mesh.group)) this.meshGone(before, time)
    if (mesh.uniqueId <= 0) return
    const mode = mesh.snapshot.context?.['mode']
    this.#reporting(mesh.group, mesh.uniqueId, mesh.sessionId, typeof mode === 'string' ? { mode } : {})
  }

  meshGone({ group, uniqueId, sessionId }: ActorState, time: number): void {
    const key = peerKey(group, uniqueId)
    const peer = this.peers.get(key)
    if (peer?.meshId === sessionId && peer.goneAt === null) this.peers.set(key, { ...peer, goneAt: time })
    for (const link of this.#linksOf(sessionId)) {
      for (const end of link.ends.values()) {
        if (end.meshId !== sessionId || end.goneAt !== null) continue
        // Should the source begin anew, it may count from 1 again.
        this.#endGone(link, end.inState(end.facts.state, 0), time)
      }
    }
    this.#forgetHearsay(time)
  }

  /** A peer actor is there, is in another state, or has ended. */
  peerChanged(actor: ActorState, seq: number, time: number): void {
    const other = idOf(actor)
    if (other === null || actor.uniqueId <= 0 || actor.parentId === null) return
    const { group, uniqueId: from, parentId: meshId } = actor
    const link = this.links.get(linkKey(group, from, other))
    const end = link?.ends.get(from)
    const mine = end?.meshId === meshId ? end : undefined
    const state = valueText(actor.snapshot.value)
    if (actor.endedAt !== null) {
      if (link && mine) this.#endGone(link, mine.inState(state, seq), time)
    } else {
      this.#tell(link, group, (mine ?? LinkEndRecord.begin(from, meshId, other)).inState(state, seq))
    }
  }

  /** A look at all connections of a mesh: what it does not tell of any more is gone. */
  facts({ sessionId, seq, group, uniqueId, status, links, time: seenAt }: FactsMessage, time: number): void {
    if (uniqueId <= 0) return
    this.#reporting(group, uniqueId, sessionId, { status })
    const toldOf = new Set<number>()
    for (const facts of links) {
      if (facts.peer <= 0 || facts.peer === uniqueId) continue
      toldOf.add(facts.peer)
      const link = this.links.get(linkKey(group, uniqueId, facts.peer))
      const end = link?.ends.get(uniqueId)
      const mine = end?.meshId === sessionId ? end : LinkEndRecord.begin(uniqueId, sessionId, facts.peer)
      // Whoever looks late is told the newest facts last, after what has happened since.
      if (mine.seq < seq) this.#tell(link, group, mine.seen(facts, seq, seenAt))
    }
    for (const link of this.#linksOf(sessionId)) {
      const end = link.ends.get(uniqueId)
      if (end?.meshId === sessionId && end.seq < seq && !toldOf.has(end.facts.peer)) this.#endGone(link, end, time)
    }
  }

  verdict(verdict: VerdictState): void {
    const { group, uniqueId, peer } = verdict
    if (uniqueId <= 0 || peer <= 0) return
    const key = linkKey(group, uniqueId, peer)
    this.links.set(key, { ...(this.links.get(key) ?? newLink(group, uniqueId, peer)), verdict })
    this.#toldOf(group, peer)
  }

  /** Forgets what has been gone for long enough. */
  sweep(time: number): void {
    const isOld = (goneAt: number | null): boolean => goneAt !== null && time - goneAt >= GONE_KEPT
    for (const link of this.links.values()) {
      let ends = link.ends
      for (const { from, meshId, goneAt } of link.ends.values()) {
        if (!isOld(goneAt)) continue
        ends = new Map([...ends].filter(([id]) => id !== from))
        this.#keysOf(meshId).delete(link.key)
      }
      if (ends.size === 0 && !this.#isHeldByVerdict(link)) this.links.delete(link.key)
      else if (ends !== link.ends) this.links.set(link.key, { ...link, ends })
    }
    this.#forgetHearsay(time)
    for (const peer of this.peers.values()) {
      if (peer.goneAt === null || !isOld(peer.goneAt)) continue
      if (!this.#isToldOf(peer)) {
        // What others have just ceased to tell of it is still to be seen, and drawn at its place.
        if (!this.#hasLinks(peer)) this.peers.delete(peer.key)
      } else if (time - peer.goneAt >= BELIEVED_AFTER) {
        this.peers.set(peer.key, { ...peer, meshId: null, status: null, mode: null, goneAt: null })
      }
    }
  }

  #reporting(group: string, id: number, meshId: string, news: { mode?: string; status?: number }): void {
    const key = peerKey(group, id)
    const known = this.peers.get(key)
    const base = known?.meshId === meshId ? known : { key, group, id, status: null, mode: null }
    this.peers.set(key, { ...base, meshId, goneAt: null, ...news })
  }

  #toldOf(group: string, id: number): void {
    const key = peerKey(group, id)
    const known = this.peers.get(key)
    if (known?.goneAt === null || (known && known.meshId !== null)) return
    this.peers.set(key, { key, group, id, meshId: null, status: null, mode: null, goneAt: null })
  }

  #tell(known: Link | undefined, group: string, end: LinkEndRecord): void {
    const { from, meshId, facts } = end
    const { key, low, high, ends, verdict } = known ?? newLink(group, from, facts.peer)
    this.links.set(key, {
      ...{ key, group, low, high },
      ends: new Map(ends).set(from, end),
      verdict: facts.state === 'connected' ? null : verdict,
    })
    const before = ends.get(from)
    if (before?.meshId === meshId && before.goneAt === null) return
    this.#keysOf(meshId).add(key)
    this.#toldOf(group, facts.peer)
  }

  *#linksOf(meshId: string): Iterable<Link> {
    for (const key of this.#keysOf(meshId)) {
      const link = this.links.get(key)
      if (link) yield link
    }
  }

  #keysOf(meshId: string): Set<string> {
    if (this.#told === null) {
      this.#told = new Map()
      for (const { key, ends } of this.links.values())
        for (const end of ends.values()) this.#keysOf(end.meshId).add(key)
    }
    const known = this.#told.get(meshId)
    if (known) return known
    const keys = new Set<string>()
    this.#told.set(meshId, keys)
    return keys
  }

  #endGone(link: Link, end: LinkEndRecord, time: number): void {
    if (end.goneAt !== null) return
    const present = this.links.get(link.key) ?? link
    this.links.set(link.key, { ...present, ends: new Map(present.ends).set(end.from, end.gone(time)) })
    const other = this.peers.get(peerKey(link.group, end.facts.peer))
    if (other?.meshId === null) this.#forgetHearsay(time)
  }

  /** Who does not report, and is not told of by anybody any more, is gone. */
  #forgetHearsay(time: number): void {
    for (const peer of this.peers.values()) {
      if (peer.meshId !== null || peer.goneAt !== null || this.#isToldOf(peer)) continue
      this.peers.set(peer.key, { ...peer, goneAt: time })
    }
  }

  /** Whether anybody else tells of the peer now. */
  #isToldOf({ group, id }: PeerState): boolean {
    for (const link of this.links.values()) {
      if (link.group !== group || (link.low !== id && link.high !== id)) continue
      if (link.ends.get(link.low === id ? link.high : link.low)?.goneAt === null) return true
      if (link.verdict?.peer === id && this.#isHeldByVerdict(link)) return true
    }
    return false
  }

  #hasLinks({ group, id }: PeerState): boolean {
    return [...this.links.values()].some((link) => link.group === group && (link.low === id || link.high === id))
  }

  /** Two that did not connect stay in the picture for as long as the one that says so is there. */
  #isHeldByVerdict({ verdict, group, low, high }: Link): boolean {
    if (!verdict) return false
    const teller = this.peers.get(peerKey(group, verdict.uniqueId))
    const other = this.peers.get(peerKey(group, verdict.uniqueId === low ? high : low))
    return teller?.goneAt === null && other?.goneAt === null
  }
}

function newLink(group: string, a: number, b: number): Link {
  const [low, high] = a < b ? [a, b] : [b, a]
  return { key: linkKey(group, a, b), group, low, high, ends: new Map(), verdict: null }
}

/** Of the peer that a peer actor is for. */
function idOf({ name }: ActorState): number | null {
  const digits = /^peer:(\d{1,10})$/.exec(name)?.[1]
  return digits === undefined ? null : Number(digits)
}
