/** Encode and decode of typical values, every contestant in turn, so that all meet the same state of the machine and of the compiler. */
import { quantile } from '../harness/stats.mjs'
import { CASES } from './codec-cases.mjs'

/** Milliseconds of one sample: long beside the clock's resolution, and shorter than a turn of the scheduler, so that most are whole where others want the processor too. */
const SAMPLE = 2
/** Samples of each in one round. */
const SAMPLES = 10
/** Milliseconds for which each is done before it is measured. */
const WARM_UP = 50

/** What was made last is kept, so that the compiler cannot leave out the work. */
let kept

function run(work, times) {
  const start = performance.now()
  for (let i = 0; i < times; i++) kept = work()
  return performance.now() - start
}

/** How often the work is done in one sample. */
function timesPerSample(work) {
  let times = 16
  for (const start = performance.now(); performance.now() - start < WARM_UP;) run(work, times)
  while (run(work, times) < SAMPLE / 2) times *= 2
  return times
}

/** Each way of each contestant of each case, with the nanoseconds that it took in each round. */
function measurements() {
  return Object.entries(CASES).flatMap(([value, contestants]) =>
    Object.entries(contestants).flatMap(([contestant, { encode, decode }]) => {
      const bytes = encode()
      const both = { value, contestant, bytes: bytes.byteLength }
      return [
        { ...both, way: 'encode', work: encode, ns: [] },
        { ...both, way: 'decode', work: () => decode(bytes), ns: [] },
      ]
    }),
  )
}

export function measureCodec(rounds) {
  const all = measurements()
  for (const measurement of all) measurement.times = timesPerSample(measurement.work)
  // Once more with everything known to the compiler: what it has compiled for the first case alone is not what an application runs.
  for (const measurement of all) measurement.times = timesPerSample(measurement.work)
  for (let sample = 0; sample < rounds * SAMPLES; sample++) {
    for (const { work, times, ns } of sample % 2 ? all.toReversed() : all) ns.push((1e6 * run(work, times)) / times)
  }
  if (kept === undefined) throw new Error('a contestant has made nothing')

  // A processor that does something else meanwhile only ever makes a sample longer, so that the first quartile says more of the work than the median.
  for (const measurement of all) measurement.typical = quantile(measurement.ns, 0.25)
  const json = (value, way) =>
    all.find((other) => other.contestant === 'JSON' && other.value === value && other.way === way)
  return all.map(({ value, way, contestant, bytes, ns, typical }) => ({
    value,
    way,
    contestant,
    bytes,
    'ns/op': typical.toFixed(0),
    'median ns/op': quantile(ns, 0.5).toFixed(0),
    'thousand ops/s': (1e6 / typical).toFixed(0),
    'times JSON': (typical / json(value, way).typical).toFixed(2),
  }))
}
