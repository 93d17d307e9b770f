import { afterEach, beforeAll, afterAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'puppeteer-core'
import { TransferMode } from '../../src/services/multiplayer-peer/packet.ts'
import { INSTALLED, launch } from './support/browser.ts'
import { eventually } from './support/eventually.ts'
import { type Participant, Room } from './support/room.ts'

const CHANNELS = [TransferMode.RELIABLE]
const ROUTES = [
  { mode: TransferMode.RELIABLE, channel: 0 },
  { mode: TransferMode.UNRELIABLE_ORDERED, channel: 0 },
  { mode: TransferMode.UNRELIABLE, channel: 0 },
  { mode: TransferMode.RELIABLE, channel: 1 },
]

describe('one mesh of Node and every installed browser, with an extra channel', () => {
  const browsers: Browser[] = []
  let room: Room
  beforeAll(async () => {
    for (const name of INSTALLED) browsers.push(await launch(name))
  })
  afterEach(() => room.close())
  afterAll(async () => {
    for (const browser of browsers) await browser.close()
  })

  test.each(['earlier', 'later'] as const)('the %s member of each pair offers', async (offering) => {
    room = await Room.open(CHANNELS)
    const members: Participant[] = [room.inNode(2)]
    for (const browser of browsers) members.push(await room.inPage(browser, members.length + 2))
    for (const [index, member] of members.entries()) {
      for (const other of members.slice(index + 1)) {
        await (offering === 'earlier' ? room.connect(member, other) : room.connect(other, member))
      }
    }
    const others = (member: Participant): number[] => members.map(({ id }) => id).filter((id) => id !== member.id)
    for (const member of members) {
      await eventually(async () => {
        expect((await member.heard()).map(({ what }) => what).sort()).toEqual(others(member).map((id) => `+${id}`))
      })
    }

    for (const member of members) {
      for (const route of ROUTES) {
        expect(await member.send(`${member.id} to all`, route)).toBe(others(member).length)
        for (const id of others(member)) expect(await member.send(`to ${id}`, { ...route, to: id })).toBe(1)
      }
    }
    for (const member of members) {
      const expected = others(member).flatMap((peer) =>
        ROUTES.flatMap((route) => [
          { peer, ...route, text: `${peer} to all` },
          { peer, ...route, text: `to ${member.id}` },
        ]),
      )
      await eventually(async () => {
        const arrivals = await member.arrivals()
        expect(arrivals).toHaveLength(expected.length)
        expect(arrivals).toEqual(expect.arrayContaining(expected))
      })
    }
  })
})
