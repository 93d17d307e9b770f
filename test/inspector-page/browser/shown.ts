import type { Frame } from 'puppeteer-core'

/** Something that a view shows since a moment: `tea 2→3` is `connected`. */
export interface Showing {
  readonly what: string
  /** Empty: it has left the view. */
  readonly how: string
  /** The page's `Date.now()`. */
  readonly at: number
}

/** Notes from now on what a view of the page shows, and since when: whatever changes in the view is looked at before the next frame is painted. */
export class Shown {
  readonly #frame: Frame

  private constructor(frame: Frame) {
    this.#frame = frame
  }

  /** Each half of a link (`tea 2→3`: as peer 2 tells of it), and each peer (`tea 2`), by their looks. Halves are told apart by where they are drawn. */
  static async inTopology(frame: Frame): Promise<Shown> {
    await frame.waitForSelector('.topology > svg')
    await frame.evaluate(noteTopology)
    return new Shown(frame)
  }

  /** Each row of the list, by the text of its state: `Links tea 2 → 3`, `Peers tea 2`, `Sources tea 2`. */
  static async inList(frame: Frame): Promise<Shown> {
    await frame.locator('::-p-aria(List[role="tab"])').click()
    await frame.waitForSelector('.list')
    await frame.evaluate(noteList)
    return new Shown(frame)
  }

  /** When that was shown first, at or after a moment; null if it was not yet. What was there before, and stayed, counts as shown at that moment. */
  async since(what: string, how: string, after = 0): Promise<number | null> {
    const showings = (await this.all()).filter((showing) => showing.what === what)
    const before = showings.filter(({ at }) => at < after).at(-1)
    if (before?.how === how) return after
    return showings.find((showing) => showing.at >= after && showing.how === how)?.at ?? null
  }

  async all(): Promise<Showing[]> {
    return this.#frame.evaluate(() => (globalThis as unknown as { showings: Showing[] }).showings)
  }

  /** What is shown now. */
  async now(): Promise<Record<string, string>> {
    const now: Record<string, string> = {}
    for (const { what, how } of await this.all()) now[what] = how
    return Object.fromEntries(Object.entries(now).filter(([, how]) => how !== ''))
  }
}

// What follows runs in the page, so each function holds all that it needs.

function noteTopology(): void {
  const RADIUS = 15
  const showings: Showing[] = []
  let before = new Map<string, string>()
  const lookOf = (element: Element): string => {
    const look = [...element.classList].find((each) => each.startsWith('look-')) ?? ''
    return look.replace('look-', '') + (element.classList.contains('is-hearsay') ? ', as the other tells' : '')
  }
  const read = (): void => {
    const now = new Map<string, string>()
    const peers = [...document.querySelectorAll<SVGGElement>('.topology-peer')].map((element) => {
      const [x = NaN, y = NaN] = (element.getAttribute('transform')?.match(/-?[\d.]+/g) ?? []).map(Number)
      const [group = '', id = ''] = element.dataset['peer']?.split('|') ?? []
      now.set(`${group} ${id}`, element.classList.contains('is-gone') ? 'gone' : lookOf(element))
      return { group, id, x, y }
    })
    const near = (x: number, y: number, distance: number) =>
      peers.filter((peer) => Math.abs(Math.hypot(peer.x - x, peer.y - y) - distance) < 0.5)
    for (const path of document.querySelectorAll('.topology-links:not(.is-pointed-at) .topology-half')) {
      for (const [, ...numbers] of (path.getAttribute('d') ?? '').matchAll(
        /M([-\d.]+) ([-\d.]+)L([-\d.]+) ([-\d.]+)/g,
      )) {
        const [x = NaN, y = NaN, middleX = NaN, middleY = NaN] = numbers.map(Number)
        // From the edge of a peer's shape to the middle of the way to the other.
        for (const from of near(x, y, RADIUS)) {
          const [to] = near(2 * middleX - from.x, 2 * middleY - from.y, 0)
          if (to) now.set(`${from.group} ${from.id}→${to.id}`, lookOf(path))
        }
      }
    }
    const at = Date.now()
    for (const [what, how] of now) if (before.get(what) !== how) showings.push({ what, how, at })
    for (const what of before.keys()) if (!now.has(what)) showings.push({ what, how: '', at })
    before = now
  }
  Object.assign(globalThis, { showings })
  read()
  const topology = document.querySelector('.topology')
  if (topology) new MutationObserver(read).observe(topology, { subtree: true, childList: true, attributes: true })
}

function noteList(): void {
  const showings: Showing[] = []
  let before = new Map<string, string>()
  const read = (): void => {
    const now = new Map<string, string>()
    for (const table of document.querySelectorAll<HTMLTableElement>('.list table')) {
      const caption = table.caption?.firstChild?.textContent?.trim() ?? ''
      const columns = [...(table.tHead?.rows[0]?.cells ?? [])].map(({ textContent }) => textContent)
      for (const { cells } of table.tBodies[0]?.rows ?? []) {
        const cell = (...names: string[]): string =>
          cells[columns.findIndex((column) => names.includes(column))]?.textContent.trim() ?? ''
        const name = [cell('Group'), cells[0]?.textContent.trim() ?? ''].filter(Boolean).join(' ')
        now.set(`${caption} ${name}`, cell('State', 'Status'))
      }
    }
    const at = Date.now()
    for (const [what, how] of now) if (before.get(what) !== how) showings.push({ what, how, at })
    for (const what of before.keys()) if (!now.has(what)) showings.push({ what, how: '', at })
    before = now
  }
  Object.assign(globalThis, { showings })
  read()
  const list = document.querySelector('.list')
  if (list)
    new MutationObserver(read).observe(list, { subtree: true, childList: true, attributes: true, characterData: true })
}
