import { counting, flood } from '../harness/flood.mjs'
import { inProcesses } from '../harness/in-processes.mjs'
import { PAIRS } from '../harness/pairs.mjs'

export const title = 'Messages per second between two processes'
export const note =
  'As many as arrive, while at most 512 KiB (reliable) or 48 KiB (unreliable) wait at the sender, or what a library does better with: werift 16 KiB. JS: time of the JavaScript threads of both ends per message.'
export const contestants = PAIRS
export const baseline = 'raw'
export const processes = 2
export const cells = () => [
  { name: '64 B reliable', size: 64, mode: 'reliable' },
  { name: '64 B unreliable', size: 64, mode: 'unreliable' },
  { name: '1 KB reliable', size: 1024, mode: 'reliable' },
  { name: '1 KB unreliable', size: 1024, mode: 'unreliable' },
]
export const columns = [
  { key: 'rate', title: 'messages/s', ratio: true },
  { key: 'js', title: 'JS us', digits: 2, ratio: true },
  { key: 'lost', title: 'lost %', scale: 100, digits: 1 },
  { key: 'dropped', title: 'dropped %', scale: 100, digits: 1 },
]
export const charts = [
  {
    file: 'messages',
    title: '64 B messages per second between two processes',
    cells: ['64 B reliable', '64 B unreliable'],
    column: 'rate',
    log: true,
  },
]

export const open = inProcesses(import.meta.url)
export const serve = counting
export const measure = (cell, place) => flood(place, cell, place.warmUp ? 300 : place.settings.milliseconds)
