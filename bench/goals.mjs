/** What was asked of this package's speed, and whether a report shows it. */
import { figureOf, ratiosOf } from './harness/figures.mjs'
import { goal, median } from './harness/stats.mjs'

/** Each with the work, the cell and the column's key that it is about. `over`: a ratio to that contestant, else the figure of `of` (ours) itself. `worst`: of all rounds. */
const GOALS = [
  {
    what: '64 B messages/s, reliable, ours / raw',
    in: ['messages', '64 B reliable', 'rate'],
    over: 'raw',
    least: 0.95,
  },
  {
    what: '64 B messages/s, unreliable, ours / raw',
    in: ['messages', '64 B unreliable', 'rate'],
    over: 'raw',
    least: 0.95,
  },
  { what: '16 KB throughput, ours / raw', in: ['throughput', '16 KB', 'bytes'], over: 'raw', least: 0.98 },
  {
    what: 'JS thread time per 64 B message, ours / raw',
    in: ['messages', '64 B reliable', 'js'],
    over: 'raw',
    most: 1.15,
  },
  { what: 'ping p50, ours / raw', in: ['ping', '64 B', 'p50'], over: 'raw', most: 1.05 },
  {
    what: 'broadcast to 31, JS thread time, ours / raw',
    in: ['broadcast', '1,000/s, unreliable', 'js'],
    over: 'raw',
    most: 1.05,
  },
  { what: 'connect median, ours / raw held', in: ['set-up', 'pair', 'median'], over: 'raw:held', most: 1.2 },
  { what: 'connect median, ours / raw active', in: ['set-up', 'pair', 'median'], over: 'raw:active', most: 1.2 },
  { what: 'share of our connects over 500 ms', in: ['set-up', 'pair', 'late'], most: 0.01 },
  { what: 'mesh of 32, wall, ours / raw held', in: ['mesh', 'mesh of 32', 'wall'], over: 'raw', most: 1.15 },
  {
    what: 'mesh of 32, longest event loop block of all rounds, ms',
    in: ['mesh', 'mesh of 32', 'block'],
    worst: true,
    most: 25,
  },
  {
    what: 'mesh of 32, memory per connection, ours / raw',
    in: ['mesh', 'mesh of 32', 'memory'],
    over: 'raw',
    most: 1.1,
  },
  { what: 'idle mesh of 32, CPU, ours / raw', in: ['mesh', 'mesh of 32', 'idle'], over: 'raw', most: 1.05 },
  { what: '64 B unreliable at twice the capacity, p99 ms', in: ['overload', '64 B', 'p99'], most: 50 },
  { what: '1 KB unreliable at twice the capacity, p99 ms', in: ['overload', '1 KB', 'p99'], most: 50 },
  {
    what: '64 B messages/s, ours / simple-peer with wrtc',
    in: ['messages', '64 B reliable', 'rate'],
    over: 'simple-peer',
    least: 20,
  },
  { what: '64 B messages/s, ours / werift', in: ['messages', '64 B reliable', 'rate'], over: 'werift', least: 12 },
  ...['64 B', '1 KB'].flatMap((size) => inPages(`${size} messages/s`, ['browser-messages', size, 'rate'])),
  ...inPages('16 KB throughput', ['browser-throughput', '16 KB', 'bytes']),
]

/** Page to page in Chromium. */
function inPages(what, place) {
  return [
    { what: `pages, ${what}, ours / plain RTCDataChannel`, in: place, over: 'plain', least: 0.95 },
    ...['peerjs', 'peerjs:raw', 'trystero'].map((rival) => ({
      what: `pages, ${what}, ours / ${rival}`,
      in: place,
      over: rival,
      least: 1,
    })),
  ]
}

/** A row for each goal whose work the report has. @param works - the modules of its works. */
export function goalsOf(report, works) {
  return GOALS.filter(({ in: [work] }) => report.works[work] !== undefined).map((wanted) => {
    const value = valueOf(wanted, report, works)
    const [limit, atMost] = wanted.most === undefined ? [wanted.least, false] : [wanted.most, true]
    return value === undefined
      ? { goal: `${wanted.what} ${atMost ? '<=' : '>='} ${limit}`, seen: '-', reached: 'not measured' }
      : goal(wanted.what, value, limit, atMost)
  })
}

function valueOf({ in: [work, cellName, key], over, worst }, report, works) {
  const seen = report.works[work].cells.find(({ name }) => name === cellName)?.seen
  const rounds = seen?.ours?.rounds ?? []
  if (rounds.length === 0) return undefined
  const column = { ...works[work].columns.find((column) => column.key === key), scale: 1 }
  if (worst) return Math.max(...rounds.map((round) => round[key]))
  if (over === undefined) return figureOf(column, rounds)
  return median(ratiosOf(column, rounds, seen[over]?.rounds ?? []))
}
