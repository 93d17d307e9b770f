import { inPages } from '../pages/in-pages.mjs'
import { BACK_PRESSURE_NOTE } from '../pages/tables.mjs'

export const title = 'A page of Chromium and a process of Node'
export const note = `Plain is RTCDataChannel with raw node-datachannel. Messages that arrive, reliable and in order, and round trips. ${BACK_PRESSURE_NOTE}`
export const contestants = ['plain', 'ours']
export const baseline = 'plain'
export const cells = () => [
  ...[64, 16 * 1024].flatMap((size) => [
    { name: `${named(size)} to Node`, measure: 'flood', size, mode: 'reliable' },
    { name: `${named(size)} to page`, measure: 'receive', size, mode: 'reliable' },
  ]),
  { name: 'ping 64 B', measure: 'ping', size: 64, mode: 'reliable' },
]
export const columns = [
  { key: 'rate', title: 'messages/s', ratio: true },
  { key: 'p50', title: 'p50 us', ratio: true },
  { key: 'p99', title: 'p99 us' },
]

export const open = inPages({ to: 'node' })

const named = (size) => (size < 1024 ? `${size} B` : `${size / 1024} KB`)
