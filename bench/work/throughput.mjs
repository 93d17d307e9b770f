import { counting, flood } from '../harness/flood.mjs'
import { inProcesses } from '../harness/in-processes.mjs'
import { PAIRS } from '../harness/pairs.mjs'

export const title = 'Throughput of large reliable packets between two processes'
export const note = 'The rule of back-pressure is that of the messages. MB: 1,000,000 bytes.'
export const contestants = PAIRS
export const baseline = 'raw'
export const processes = 2
export const cells = () => [
  { name: '16 KB', size: 16_384, mode: 'reliable' },
  { name: '64 KB', size: 65_536, mode: 'reliable' },
]
export const columns = [
  { key: 'bytes', title: 'MB/s', scale: 1e-6, digits: 1, ratio: true },
  { key: 'js', title: 'JS us/packet', digits: 1 },
]

export const open = inProcesses(import.meta.url)
export const serve = counting
export const measure = (cell, place) => flood(place, cell, place.warmUp ? 300 : place.settings.milliseconds)
