import { resolveColour } from '../../style/resolve-colour.ts'
import { METRICS } from './metrics.ts'
import { Plot, TIME_LABELS } from './plot.ts'
import type { PlotTable } from './plot-data.ts'

/** Pixels; below this there is nothing to see in a plot, and the stack scrolls. */
const LEAST_HEIGHT = 52

/** A plot for each metric, one below the other, with one time axis and one cursor. */
export class PlotStack {
  readonly #plots: readonly Plot[]
  readonly #observers: readonly { disconnect(): void }[]
  readonly #stop = new AbortController()
  readonly #colours = new Map<string, string>()
  #cursor: number | null = null

  /** @param places - an element for each metric. */
  constructor(stack: HTMLElement, places: readonly HTMLElement[], onPoint: (time: number | null) => void) {
    const family = getComputedStyle(stack).fontFamily
    this.#plots = METRICS.flatMap((metric, index) => {
      const place = places[index]
      if (!place) return []
      const options = { metric, hasTimeLabels: index === METRICS.length - 1, font: `11px ${family}`, onPoint }
      return [new Plot(place, { ...options, colours: this.#colour })]
    })
    const size = new ResizeObserver(() => this.#resize(stack))
    size.observe(stack)
    // The page's own choice of a theme, and that of the system.
    const theme = new MutationObserver(this.#recolour)
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', this.#recolour, { signal: this.#stop.signal })
    this.#observers = [size, theme]
    this.#resize(stack)
  }

  show(table: PlotTable, shown: readonly [number, number]): void {
    for (const plot of this.#plots) plot.show(table, shown)
    // The moment has another place now.
    this.point(this.#cursor)
  }

  point(time: number | null): void {
    this.#cursor = time
    for (const plot of this.#plots) plot.point(time)
  }

  dispose(): void {
    this.#stop.abort()
    for (const observer of this.#observers) observer.disconnect()
    for (const plot of this.#plots) plot.dispose()
  }

  #resize({ clientWidth, clientHeight }: HTMLElement): void {
    const share = (clientHeight - TIME_LABELS) / this.#plots.length
    const height = Math.max(LEAST_HEIGHT, Math.floor(share))
    this.#plots.forEach((plot, index) => {
      plot.resize(clientWidth, index === this.#plots.length - 1 ? height + TIME_LABELS : height)
    })
  }

  readonly #recolour = (): void => {
    this.#colours.clear()
    for (const plot of this.#plots) plot.redraw()
  }

  /** A canvas knows no variables, and asking for a colour takes the style sheets' time. */
  readonly #colour = (variable: `--${string}`): string => {
    const known = this.#colours.get(variable) ?? resolveColour(variable)
    this.#colours.set(variable, known)
    return known
  }
}
