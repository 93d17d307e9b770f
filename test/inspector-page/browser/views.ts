import type { Page } from 'puppeteer-core'

/** The views that share a place of the page, and the one that has a place of its own. */
export const VIEWS = ['topology', 'list', 'statechart', 'plots', 'timeline'] as const
export type View = (typeof VIEWS)[number]

/** Milliseconds without a change after which a view has drawn everything: some are not drawn at every change. */
const SETTLED: Readonly<Record<View, number>> = { topology: 150, list: 600, statechart: 150, plots: 300, timeline: 150 }
const PATIENCE = 15_000

/** What every view shows, as its DOM. */
export class Views {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async open(view: Exclude<View, 'timeline'>): Promise<void> {
    await this.page.click(`[data-tab="${view}"]`)
    await this.page.waitForSelector(`[data-view="${view}"]`)
  }

  /** Of each, opened one after the other; nothing new may come meanwhile. */
  async pictures(): Promise<Record<View, string>> {
    const pictures: Partial<Record<View, string>> = { timeline: await this.picture('timeline') }
    for (const view of ['topology', 'list', 'statechart', 'plots'] as const) {
      await this.open(view)
      pictures[view] = await this.picture(view)
    }
    return pictures as Record<View, string>
  }

  /** As soon as it does not change any more. */
  async picture(view: View, settled = SETTLED[view]): Promise<string> {
    const deadline = performance.now() + PATIENCE
    let [picture, since] = ['', performance.now()]
    while (performance.now() < deadline) {
      const now = await this.page.evaluate(domOf, view)
      if (now !== picture) [picture, since] = [now, performance.now()]
      else if (picture !== '' && performance.now() - since > settled) return picture
      await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
    }
    throw new Error(`The ${view} has not come to rest.`)
  }
}

/**
 * Runs in the page, so it holds all that it needs. What is left out, since it is not what a view shows of a moment:
 *
 * - ids, and attributes that hold ids: React numbers them as it goes; `data-version`: it counts drawings.
 * - The order of the lines that look the same, which are one path, and paths of which no line is left.
 * - Of the timeline: entries beyond the moment, which only a recording has, and all but the last few before it, which are not in the DOM;
 *   how far it is scrolled; what an entry led to later, and the buttons, of which live has others than a recording.
 *
 * Nothing on the page is an age or tells the present time: times are those of the messages.
 */
function domOf(view: View): string {
  const root = document.querySelector(`[data-view="${view}"]`)
  if (!root || /Loading…|Laying out/.test(root.textContent)) return ''
  if (view === 'timeline') {
    const rows = [...root.querySelectorAll('.virtual-list-row')]
      .filter((row) => !row.querySelector('.is-ahead'))
      .slice(-6)
      .map((row) => `${row.getAttribute('aria-posinset') ?? ''} ${row.querySelector('.entry')?.innerHTML ?? ''}`)
    const details = root.querySelector('.entry-details')?.cloneNode(true) as Element | undefined
    details?.querySelectorAll('.entry-details-actions, .entry-details-links').forEach((each) => each.remove())
    return [...rows, details?.innerHTML ?? 'no details'].join('\n')
  }
  const copy = root.cloneNode(true) as Element
  for (const element of copy.querySelectorAll('*')) {
    for (const name of ['id', 'for', 'aria-controls', 'aria-labelledby', 'aria-describedby', 'data-version'])
      element.removeAttribute(name)
  }
  for (const path of copy.querySelectorAll('.topology-links path')) {
    const lines = (path.getAttribute('d') ?? '').split(/(?=M)/).filter(Boolean)
    if (lines.length === 0) path.remove()
    else path.setAttribute('d', lines.sort().join(''))
  }
  // What is drawn into a canvas is no part of the DOM.
  const drawings = [...root.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL())
  return [copy.innerHTML, ...drawings].join('\n')
}
