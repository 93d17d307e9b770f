import { LobbyMessageType } from '../../../../../src/protocol/lobby/message.ts'
import type { Closed, RawClient } from './raw-client.ts'

/** A message: its type's name, its id, and its data, read where it is JSON. */
export type Heard = readonly [name: string, id: number, data: unknown]

const NAMES = LobbyMessageType as unknown as Readonly<Record<number, string>>
const WITH_JSON: ReadonlySet<string> = new Set(['ERROR', 'WELCOME', 'LIST', 'TOKEN', 'RESUME', 'ICE_SERVERS'])

/** A client that speaks JSON by message names, and leaves all else to the test. */
export class ExtendedClient {
  readonly raw: RawClient

  constructor(raw: RawClient) {
    this.raw = raw
  }

  say(name: keyof typeof LobbyMessageType, id: number, data: unknown = ''): void {
    const text = typeof data === 'string' ? data : JSON.stringify(data)
    this.raw.send(JSON.stringify({ type: LobbyMessageType[name], id, data: text }))
  }

  async hear(count: number): Promise<Heard[]> {
    return (await this.raw.take(count)).map(read)
  }

  /** The next message, which must be of that type. */
  async hearOne(name: keyof typeof LobbyMessageType): Promise<{ id: number; data: unknown }> {
    const [heard] = await this.hear(1)
    if (heard?.[0] !== name) throw new Error(`${name} was to come, not ${JSON.stringify(heard)}`)
    return { id: heard[1], data: heard[2] }
  }

  /** What came and was not taken. */
  get rest(): Heard[] {
    return this.raw.rest.map(read)
  }

  closed(): Promise<Closed> {
    return this.raw.closed()
  }
}

function read(text: string): Heard {
  const { type, id, data } = JSON.parse(text) as { type: number; id: number; data: string }
  const name = NAMES[type] ?? String(type)
  return [name, id, WITH_JSON.has(name) ? JSON.parse(data) : data]
}
