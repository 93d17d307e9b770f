/**
 * Mutants that no test can or should find, by kind: `of` recognises one by its file, line, source and replacement (each on one line), `why` says why it lives.
 */
export const EXPLAINED = []
