/** A source of damaged texts, the same for the same seed. */
export function mutator(seed: number): (text: string) => string {
  let state = seed
  const random = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 8) % below
  }
  return (text) => {
    const at = random(text.length)
    const cut = random(12)
    const inserted = Array.from({ length: random(6) }, () => 1 + random(126))
    return text.slice(0, at) + String.fromCharCode(...inserted) + text.slice(at + cut)
  }
}
