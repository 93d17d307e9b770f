import type { SnapshotFrom } from 'xstate'
import type { PathDriver } from '../../../src/testing/paths/walk-path.ts'
import { Lamp, type light, type LightEvent } from './light.ts'

/** Leads a lamp along the paths of `light`. */
export class LampDriver implements PathDriver<SnapshotFrom<typeof light>, LightEvent, { type: 'click' }> {
  readonly lamp: Lamp
  readonly seen: string[] = []
  #clicks = 0

  constructor(lamp = new Lamp()) {
    this.lamp = lamp
  }

  act({ type }: LightEvent): void {
    if (type === 'PRESS') this.lamp.press()
    else if (type === 'BREAK') this.lamp.fall()
    else this.lamp.repair()
  }

  check({ value }: SnapshotFrom<typeof light>, emitted: readonly unknown[]): void {
    this.seen.push(value)
    this.#clicks += emitted.length
    if (this.lamp.state !== value) throw new Error(`the lamp is ${this.lamp.state}, not ${value}`)
    if (this.lamp.clicks !== this.#clicks) throw new Error(`${this.lamp.clicks} clicks, not ${this.#clicks}`)
  }
}
