import type { Browser, Page } from 'puppeteer-core'
import type { SendOptions, TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { NodePeerConnection } from '../../../src/transport/node/node-peer-connection.ts'
import type { ConnectionState } from '../../../src/transport/states.ts'
import { Member, type Arrival, type Signal } from '../member.ts'
import { openPage } from './browser.ts'
import { ScriptServer } from './script-server.ts'

/** A member wherever it lives. */
export interface Participant {
  readonly id: number
  add(peer: number, offers: boolean): Promise<void>
  receive(from: number, signal: Signal): Promise<void>
  send(text: string, options: SendOptions): Promise<number>
  heard(): Promise<Member['heard']>
  arrivals(): Promise<readonly Arrival[]>
  connectionState(peer: number): Promise<ConnectionState>
  close(): Promise<void>
}

export interface PageParticipant extends Participant {
  readonly page: Page
}

/** Members in Node and in pages, whose signals go through this process. */
export class Room {
  readonly #server: ScriptServer
  readonly #participants = new Map<number, Participant>()
  readonly #channels: readonly TransferMode[]

  private constructor(server: ScriptServer, channels: readonly TransferMode[]) {
    this.#server = server
    this.#channels = channels
  }

  static async open(channels: readonly TransferMode[] = []): Promise<Room> {
    return new Room(await ScriptServer.start('test/browser/page/member-page.ts'), channels)
  }

  inNode(id: number): Participant {
    const member = new Member(NodePeerConnection, (to, signal) => this.#carry(id, to, signal))
    member.start(id, this.#channels)
    const participant: Participant = {
      id,
      add: (peer, offers) => attempt(() => member.add(peer, offers)),
      receive: (from, signal) => attempt(() => member.receive(from, signal)),
      send: (text, options) => attempt(() => member.send(text, options)),
      heard: () => attempt(() => [...member.heard]),
      arrivals: () => attempt(() => [...member.arrivals]),
      connectionState: (peer) => attempt(() => member.connectionState(peer)),
      close: () => member.close(),
    }
    this.#participants.set(id, participant)
    return participant
  }

  async inPage(browser: Browser, id: number): Promise<PageParticipant> {
    const page = await openPage(browser, this.#server.url)
    await page.exposeFunction('sendSignal', (to: number, signal: Signal) => this.#carry(id, to, signal))
    await page.evaluate((id, channels) => memberPage.member.start(id, channels), id, [...this.#channels])
    const participant: PageParticipant = {
      id,
      page,
      add: (peer, offers) => page.evaluate((peer, offers) => memberPage.member.add(peer, offers), peer, offers),
      receive: (from, signal) => page.evaluate((from, signal) => memberPage.member.receive(from, signal), from, signal),
      send: (text, options) => page.evaluate((text, options) => memberPage.member.send(text, options), text, options),
      heard: () => page.evaluate(() => memberPage.member.heard),
      arrivals: () => page.evaluate(() => memberPage.member.arrivals),
      connectionState: (peer) => page.evaluate((peer) => memberPage.member.connectionState(peer), peer),
      close: () => page.evaluate(() => memberPage.member.close()),
    }
    this.#participants.set(id, participant)
    return participant
  }

  /** Adds the two to each other; the first offers. */
  async connect(offering: Participant, answering: Participant): Promise<void> {
    await answering.add(offering.id, false)
    await offering.add(answering.id, true)
  }

  async close(): Promise<void> {
    for (const participant of this.#participants.values()) await participant.close().catch(() => undefined)
    await this.#server.close()
  }

  #carry(from: number, to: number, signal: Signal): void {
    // A page may be gone meanwhile.
    void this.#participants
      .get(to)
      ?.receive(from, signal)
      .catch(() => undefined)
  }
}

/** As over there in a page, what goes wrong is a rejection. */
function attempt<T>(call: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(call())
  })
}
