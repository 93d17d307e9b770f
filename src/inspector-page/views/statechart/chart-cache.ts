import type { ElkNode } from 'elkjs/lib/elk-api.js'
import type { MachineDefinition } from '../../../services/inspector/wire/definition.ts'
import { type Chart, chartOf } from './chart.ts'
import { type ChartLayout, readLayout } from './chart-layout.ts'
import { elkGraphOf, type TextMeasure } from './elk-graph.ts'

export interface LaidOutChart {
  readonly chart: Chart
  readonly layout: ChartLayout
}

/** Charts, laid out once for each machine: many actors run the same one, and each source that runs it tells of it. */
export class ChartCache {
  readonly #layOut: (graph: ElkNode) => Promise<ElkNode>
  readonly #measure: TextMeasure
  readonly #ready = new WeakMap<MachineDefinition, LaidOutChart>()
  readonly #byText = new Map<string, Promise<LaidOutChart>>()

  constructor(layOut: (graph: ElkNode) => Promise<ElkNode>, measure: TextMeasure) {
    this.#layOut = layOut
    this.#measure = measure
  }

  /** What is laid out already. */
  peek(definition: MachineDefinition): LaidOutChart | undefined {
    return this.#ready.get(definition)
  }

  /** Rejects if it cannot be laid out, or if what does that could not be loaded; the next call tries again. */
  async get(definition: MachineDefinition): Promise<LaidOutChart> {
    const text = JSON.stringify(definition)
    const pending = this.#byText.get(text) ?? this.#make(definition)
    this.#byText.set(text, pending)
    try {
      const laidOut = await pending
      this.#ready.set(definition, laidOut)
      return laidOut
    } catch (error) {
      this.#byText.delete(text)
      throw error
    }
  }

  async #make(definition: MachineDefinition): Promise<LaidOutChart> {
    const chart = chartOf(definition)
    return { chart, layout: readLayout(chart, await this.#layOut(elkGraphOf(chart, this.#measure))) }
  }
}
