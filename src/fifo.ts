/** First in, first out, without moving the rest on every take. */
export class Fifo<Item> {
  #items: Item[] = []
  #head = 0

  get first(): Item | undefined {
    return this.#items[this.#head]
  }

  get length(): number {
    return this.#items.length - this.#head
  }

  push(item: Item): void {
    this.#items.push(item)
  }

  shift(): Item | undefined {
    const { first } = this
    if (first === undefined) return undefined
    this.#head++
    if (this.#head > 1024 || this.length === 0) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return first
  }
}
