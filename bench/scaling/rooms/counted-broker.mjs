/**
 * A broker that counts what passes between it and its servers.
 *
 * @returns the `broker`, and `counts`, which go on: `operations` that servers ask for (create, join, leave, ...), `signals` that they send each other through it, `reports` that they hear (a
 *   lobby changed or closed), `delivered` signals.
 */
export function countedBroker(broker) {
  const counts = { operations: 0, signals: 0, reports: 0, delivered: 0 }
  const outgoing = (method) => (method === 'signal' ? 'signals' : 'operations')
  const incoming = (method) => (method === 'signal' ? 'delivered' : 'reports')
  return {
    counts,
    broker: {
      connect: async (listener) => counted(await broker.connect(counted(listener, counts, incoming)), counts, outgoing),
    },
  }
}

/** The same object, but each call of a method counts as `kindOf` says. */
function counted(target, counts, kindOf) {
  return new Proxy(target, {
    get(_, key) {
      const value = Reflect.get(target, key, target)
      if (typeof value !== 'function') return value
      return (...args) => {
        counts[kindOf(key)]++
        return value.apply(target, args)
      }
    },
  })
}
