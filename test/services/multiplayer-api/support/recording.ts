import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../../../vectors')

/** Something that the engine said, as a script heard it. */
export interface RecordedEvent {
  readonly ev?: string
  readonly id?: number
  readonly hex?: string
  readonly ret?: number
  readonly method?: string
  readonly from?: number
  readonly args_hex?: string
  readonly unique_id?: number
  readonly peers?: readonly number[]
  readonly is_server?: boolean
}

/** A packet at the boundary between SceneMultiplayer and its peer. */
export interface RecordedPacket {
  readonly dir: 'in' | 'out'
  /** The peer that it goes to or comes from. */
  readonly other: number
  readonly mode: 'reliable' | 'unreliable' | 'unreliable_ordered'
  readonly channel: number
  readonly hex: string
}

export interface Row {
  readonly step: string
  readonly who: string
  readonly event?: RecordedEvent
  readonly packet?: RecordedPacket
}

/** A session of Godot 4.6 as it was recorded: one server, two clients. */
export function recordedSession(name: 'relay' | 'auth' | 'norelay'): Row[] {
  const rows = JSON.parse(readFileSync(join(folder, `scene4-${name}.json`), 'utf8')) as (Row & RecordedPacket)[]
  return rows.map(({ step, who, event, dir, other, mode, channel, hex }) =>
    event === undefined ? { step, who, packet: { dir, other, mode, channel, hex } } : { step, who, event },
  )
}
