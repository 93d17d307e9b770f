/**
 * What survives and should, by reason. `of` is asked for each mutant that no test has found: its file, and the source before and after, each on one line.
 * A new survivor has no reason here, so `npm run test:mutation` fails until it has one, or a test.
 */
export const EXPLAINED = []

/** @param mutants - by file, the start of the source that a mutant replaces, and its replacement if not every one is meant. */
function explain(why, mutants) {
  const of = ({ file, before, after }) =>
    mutants.some(([where, source, into]) => file.endsWith(where) && before.startsWith(source) && (into === undefined || after === into))
  EXPLAINED.push({ why, of })
}
