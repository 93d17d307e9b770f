/** Milliseconds for a test that walks many paths, on a machine that has much else to do; it takes a tenth of that. */
export const PATIENCE = 120_000
