/** `node run.mjs CASE TIMES`: does one of the cases so many times. */
import { CASES } from './cases.mjs'

const [name, times] = process.argv.slice(2)
const work = await CASES[name]()

/** What was made last is kept, so that the compiler cannot leave out the work. */
let kept
for (let i = 0; i < Number(times); i++) kept = work(i)
if (kept === undefined) throw new Error(`${name} has made nothing`)
process.exit(0)
