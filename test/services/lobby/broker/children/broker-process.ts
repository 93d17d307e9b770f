// A server at a Redis broker in a process of its own: carries out what it is ordered, and tells what it hears.
import type { BrokerListener, LobbyRecord } from '../../../../../src/services/lobby/broker/broker.ts'
import { redisBroker } from '../../../../../src/services/lobby/broker/redis-broker.ts'
import { creation, member } from '../../../../../src/testing/broker-acceptance/test-server.ts'

/** What it is ordered to do. */
export type Order =
  | { readonly create: string; readonly onHostLeave: 'keep' | 'close' }
  | { readonly join: string; readonly id: number }
  | { readonly close: true }

/** What it tells. */
export type News =
  | { readonly node: string }
  | { readonly done: true }
  | { readonly failed: string }
  | { readonly lobby: string; readonly members: readonly (readonly [id: number, session: string])[] }
  | { readonly closed: string }
  | { readonly available: boolean }

const [, , url = '', prefix = '', lease = ''] = process.argv

const tell = (news: News): void => {
  process.send?.(news)
}

const listener: BrokerListener = {
  changed: ({ name, members }: LobbyRecord) => {
    tell({ lobby: name, members: [...members.values()].map(({ id, session }) => [id, session] as const) })
  },
  closed: (lobby) => {
    tell({ closed: lobby })
  },
  signal: () => undefined,
  available: (available) => {
    tell({ available })
  },
}

const node = await redisBroker(url, { prefix, lease: Number(lease) }).connect(listener)

async function carryOut(order: Order): Promise<void> {
  if ('create' in order) await node.create(creation(order.create, { onHostLeave: order.onHostLeave }))
  else if ('join' in order) await node.join({ ...member(order.join, order.id), lobby: order.join })
  else {
    await node.close()
    // From here on nothing but what the broker left open could keep this process alive.
    process.disconnect()
    return
  }
  tell({ done: true })
}

process.on('message', (order: Order) => {
  carryOut(order).catch((error: unknown) => {
    tell({ failed: String(error) })
  })
})
tell({ node: node.id })
