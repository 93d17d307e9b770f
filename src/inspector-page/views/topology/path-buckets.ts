export const SVG = 'http://www.w3.org/2000/svg'

interface Part {
  bucket: number
  data: string
  round: number
}

/**
 * Thousands of short lines as a few SVG paths: all lines that look the same are one path, their bucket's. A path is written anew only when one of its lines has come, gone or moved.
 */
export class PathBuckets {
  readonly #parent: Element
  readonly #style: (path: SVGPathElement, bucket: number) => void
  readonly #parts = new Map<string, Part>()
  readonly #buckets = new Map<number, { readonly path: SVGPathElement; readonly lines: Map<string, string> }>()
  readonly #changed = new Set<number>()
  #round = 0

  /** `style` gives a new path its class and whatever else it needs; buckets are painted in ascending order. */
  constructor(parent: Element, style: (path: SVGPathElement, bucket: number) => void) {
    this.#parent = parent
    this.#style = style
  }

  /** Draws one round: `draw` puts every line that there is; what it does not put again is gone. */
  draw(draw: (put: (key: string, bucket: number, data: string) => void) => void): void {
    this.#round++
    draw(this.#put)
    if (this.#parts.size > 0) this.#dropOthers()
    for (const bucket of this.#changed) this.#write(bucket)
    this.#changed.clear()
  }

  /** Styles all paths anew, after what `style` depends on has changed. */
  restyle(): void {
    for (const [bucket, { path }] of this.#buckets) this.#style(path, bucket)
  }

  readonly #put = (key: string, bucket: number, data: string): void => {
    const part = this.#parts.get(key)
    if (!part) {
      this.#parts.set(key, { bucket, data, round: this.#round })
    } else {
      part.round = this.#round
      if (part.bucket === bucket && part.data === data) return
      if (part.bucket !== bucket) this.#remove(key, part.bucket)
      part.bucket = bucket
      part.data = data
    }
    this.#bucket(bucket).lines.set(key, data)
    this.#changed.add(bucket)
  }

  #dropOthers(): void {
    for (const [key, { bucket, round }] of this.#parts) {
      if (round === this.#round) continue
      this.#parts.delete(key)
      this.#remove(key, bucket)
    }
  }

  #remove(key: string, bucket: number): void {
    this.#buckets.get(bucket)?.lines.delete(key)
    this.#changed.add(bucket)
  }

  #bucket(bucket: number): { readonly path: SVGPathElement; readonly lines: Map<string, string> } {
    const known = this.#buckets.get(bucket)
    if (known) return known
    const path = document.createElementNS(SVG, 'path')
    this.#style(path, bucket)
    const above = [...this.#buckets].filter(([other]) => other > bucket).sort(([a], [b]) => a - b)[0]
    this.#parent.insertBefore(path, above?.[1].path ?? null)
    const made = { path, lines: new Map<string, string>() }
    this.#buckets.set(bucket, made)
    return made
  }

  #write(bucket: number): void {
    const { path, lines } = this.#bucket(bucket)
    path.setAttribute('d', [...lines.values()].join(''))
  }
}
