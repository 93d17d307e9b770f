/** What runs in a page: one end of a connection, with the adapter that the page was bundled for. */
import { firstEnd, secondEnd } from './ends.mjs'
import { setClock } from './in-page/now.mjs'
import { Line } from './line.mjs'

export function begin(adapter) {
  const { searchParams, host } = new URL(location.href)
  const order = searchParams.get('order')
  const variant = searchParams.get('variant') ?? undefined
  let measurements

  globalThis.bench = {
    /** Joins the other end. @returns what the adapter can do. */
    async join() {
      const available = (await adapter.available?.()) ?? true
      if (available !== true) throw new Error(available)
      const socket = new WebSocket(`ws://${host}/?session=${searchParams.get('session')}`)
      await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: reject }))
      await setClock(socket)
      const line = new Line(socket)
      if (order === 'first') measurements = firstEnd(line, { adapter, variant })
      else secondEnd(line, { adapter, variant })
      return { modes: adapter.modes, cannot: adapter.cannot ?? {} }
    },
    measure: (cell, info) => measurements[cell.measure](cell, info),
  }
}
