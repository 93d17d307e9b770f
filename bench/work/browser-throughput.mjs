import { inPages } from '../pages/in-pages.mjs'
import { BACK_PRESSURE_NOTE, CONTESTANTS } from '../pages/tables.mjs'

export const title = 'Throughput, two pages of Chromium'
export const note = `What arrives in messages of 16 KB, reliable and in order. PeerJS (but for \`raw\`) and Trystero send each in two pieces. ${BACK_PRESSURE_NOTE}`
export const contestants = CONTESTANTS
export const baseline = 'plain'
export const cells = () => [{ name: '16 KB', measure: 'flood', size: 16 * 1024, mode: 'reliable' }]
export const columns = [{ key: 'bytes', title: 'MB/s', scale: 1e-6, digits: 1, ratio: true }]

export const open = inPages()
