import { inPages } from '../pages/in-pages.mjs'
import { CONTESTANTS } from '../pages/tables.mjs'
import * as setUp from './set-up.mjs'

export const title = 'Set-up of a pair, two pages of Chromium'
export const note =
  'Milliseconds until both ends are open; p95 of all rounds. Signaling is a WebSocket on this machine, that of PeerJS its own PeerServer, where both are registered before. Trystero joins a room in which the other one is already.'
export const contestants = CONTESTANTS.filter((contestant) => contestant !== 'peerjs:raw')
export const baseline = 'plain'
export const cells = (settings) =>
  setUp.cells(settings).map((cell) => ({ ...cell, name: 'page to page', measure: 'setUp' }))
export const columns = setUp.columns
export const limit = setUp.limit

export const open = inPages()
