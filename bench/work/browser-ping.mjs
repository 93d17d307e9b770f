import { inPages } from '../pages/in-pages.mjs'
import { CONTESTANTS } from '../pages/tables.mjs'
import * as ping from './ping.mjs'

export const title = 'Round trips, two pages of Chromium'
export const note = 'One after the other, reliable. Microseconds.'
export const contestants = CONTESTANTS
export const baseline = 'plain'
export const cells = () => [{ name: '64 B', measure: 'ping', size: 64, mode: 'reliable' }]
export const columns = ping.columns

export const open = inPages()
