import { expect } from '@jest/globals'
import type { Browser } from 'puppeteer-core'
import { type BrowserName, INSTALLED, launch } from './browser.ts'
import { eventually } from './eventually.ts'
import { type PageParticipant, type Participant, Room } from './room.ts'

/** A room with a mesh: Node is 2, a page of each installed browser follows, the last of them is the leaver with id 4. */
export class Scene {
  readonly name: BrowserName
  readonly staying: Record<string, Participant> = {}
  readonly #room: Room
  readonly #browsers: Browser[] = []

  private constructor(name: BrowserName, room: Room) {
    this.name = name
    this.#room = room
  }

  static async open(name: BrowserName): Promise<Scene> {
    return new Scene(name, await Room.open())
  }

  /** The browser of the page that stays. */
  get other(): BrowserName {
    return INSTALLED.find((installed) => installed !== this.name) ?? this.name
  }

  async start(name = this.name): Promise<Browser> {
    const browser = await launch(name)
    this.#browsers.push(browser)
    return browser
  }

  async arrange(): Promise<{ browser: Browser; leaver: PageParticipant }> {
    this.staying['node'] = this.#room.inNode(2)
    this.staying[this.other] = await this.#room.inPage(await this.start(this.other), 3)
    const browser = await this.start()
    const leaver = await this.enter(browser)
    await this.expectAllHeard(['+4'])
    return { browser, leaver }
  }

  /** Someone joins as 4. */
  async enter(browser: Browser): Promise<PageParticipant> {
    const entering = await this.#room.inPage(browser, 4)
    for (const participant of Object.values(this.staying)) await this.#room.connect(entering, participant)
    return entering
  }

  async expectAllHeard(what: readonly string[]): Promise<void> {
    for (const participant of Object.values(this.staying)) await expectHeard(participant, what)
  }

  async inPage(id: number): Promise<PageParticipant> {
    return this.#room.inPage(await this.start(), id)
  }

  async close(): Promise<void> {
    await this.#room.close()
    for (const browser of this.#browsers) await browser.close().catch(() => undefined)
  }
}

/** Exactly these announcements and losses, in this order. */
export const expectHeard = (participant: Participant, what: readonly string[], limit?: number): Promise<void> =>
  eventually(async () => {
    expect((await participant.heard()).map((event) => event.what)).toEqual(what)
  }, limit)
