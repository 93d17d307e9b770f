import { describe, expect, test } from '@jest/globals'
import { LobbyMessageType } from '../../../../src/protocol/lobby/message.ts'
import { formatToken } from '../../../../src/services/lobby/server/member-token.ts'
import type { LobbyDialect } from '../../../../src/services/lobby/server/lobby-observer.ts'
import { Random } from '../../../../src/transport/simulated/random.ts'
import { mutator } from '../../../support/mutation.ts'
import { type CoreClient, CoreWorld } from './support/core-world.ts'

const MESSAGES = 10_000
const SOCKETS = 20
const TYPES = Object.values(LobbyMessageType).filter((type) => typeof type === 'number')
/** Often enough into a lobby that the others get to somebody. */
const ENTRIES = [0, 0, 0, 0, 0, 0, 18, 18, 18, 18]
const LETTERS = 'JJJJJJJINDOACSX'

const seed = (Date.now() >>> 0) % 1_000_000

/** Something that could be a message, with what may be known of lobbies and peers. */
function plausible(random: Random, dialect: LobbyDialect, known: readonly string[]): string {
  const any = <Item>(items: readonly Item[]): Item => items[random.below(items.length)] as Item
  const data = any([
    ...[
      '',
      any(known),
      'x'.repeat(random.below(300)),
      '\n0\n0\ncandidate:1',
      formatToken('x'.repeat(22), 2, any(known)),
    ],
    JSON.stringify({
      mode: any(['mesh', 'client-server', 5]),
      name: any(['a', 'b', '?', undefined]),
      orJoin: random.chance(0.5),
    }),
    JSON.stringify({
      mode: 'mesh',
      listed: true,
      maxMembers: random.below(4),
      onHostLeave: 'keep',
      metadata: any(known),
    }),
    JSON.stringify({ limit: random.below(200) }),
  ])
  const id = any([0, 1, random.below(5), Number(any(known)) || 2, -1, 0.5, 2 ** 40])
  if (dialect === 'text')
    return `${LETTERS[random.below(LETTERS.length)] ?? ''}: ${any(['', String(id), any(known)])}\n${data}`
  return JSON.stringify({ type: any([...ENTRIES, ...TYPES, 99]), id, data })
}

/** Ids and names that a client heard of. */
function learn(client: CoreClient, known: string[]): void {
  for (const text of client.takeAll()) {
    for (const [word] of text.matchAll(/[\w.-]{5,64}/g)) known.push(word)
  }
  known.splice(0, Math.max(0, known.length - 50))
}

describe.each(['json', 'text', 'extended'] as const)(`seed ${seed}, dialect %s`, (dialect) => {
  test(`${MESSAGES} messages, random and damaged, crash nothing and leave nothing behind`, async () => {
    const random = new Random(`${seed} ${dialect}`)
    const damage = mutator(seed)
    const errors: unknown[] = []
    const logger = { debug: () => 0, info: () => 0, warn: () => 0, error: (details: object) => errors.push(details) }
    const world = await CoreWorld.open(
      { logger, limits: { lobbies: 5, members: 6, messageSize: 2000, graceTime: 3000 } },
      2,
    )
    const clients: CoreClient[] = []
    const known = ['x']
    for (let sent = 0; sent < MESSAGES; sent++) {
      const index = random.below(SOCKETS)
      let client = clients[index]
      if (client?.ended !== null) {
        client = world.connect(dialect, {}, random.below(2))
        clients[index] = client
      }
      const text = plausible(random, dialect, known)
      if (random.chance(0.01)) client.send(Uint8Array.of(1, 2, 3))
      else client.send(random.chance(0.3) ? damage(`${text} `) : text)
      if (random.chance(0.02)) client.end(random.chance(0.5) ? 1006 : 1000)
      if (random.chance(0.1)) await world.pass(random.below(400))
      learn(client, known)
    }
    const stats = world.cores.map((core) => core.stats())
    // It has to have got somewhere.
    expect(
      stats.every(
        ({ joins, lobbiesCreated, refusals }) => joins > 20 && lobbiesCreated > 20 && Object.keys(refusals).length > 4,
      ),
    ).toBe(true)
    for (const client of clients) client.end(1006)
    await world.pass(60_000)
    expect(errors).toEqual([])
    for (const core of world.cores) {
      expect(core.stats()).toMatchObject({
        sockets: 0,
        pendingSockets: 0,
        lobbies: 0,
        members: 0,
        lostMembers: 0,
        keptSignals: 0,
      })
    }
    expect(world.clock.pending).toBe(0)
    await world.close()
  })
})
