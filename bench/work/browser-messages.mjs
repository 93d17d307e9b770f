import { inPages } from '../pages/in-pages.mjs'
import { BACK_PRESSURE_NOTE, CONTESTANTS } from '../pages/tables.mjs'

export const title = 'Messages per second, two pages of Chromium'
export const note = `As many as arrive, reliable and in order. ${BACK_PRESSURE_NOTE}`
export const contestants = CONTESTANTS
export const baseline = 'plain'
export const cells = () => [
  { name: '64 B', measure: 'flood', size: 64, mode: 'reliable' },
  { name: '1 KB', measure: 'flood', size: 1024, mode: 'reliable' },
]
export const columns = [{ key: 'rate', title: 'messages/s', ratio: true }]

export const open = inPages()
