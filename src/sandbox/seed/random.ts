/** A source of numbers that look random and are the same for the same seed. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A number from 0 up to but not 1 (the mixing function is splitmix32). */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }

  /** One of the items; an item listed twice is twice as likely. */
  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[Math.floor(this.next() * items.length)] ?? items[0]
  }

  /** So many digits of the base, 16 for hexadecimal. */
  digits(count: number, alphabet = '0123456789abcdef'): string {
    let text = ''
    for (let at = 0; at < count; at += 1) {
      text += alphabet.charAt(Math.floor(this.next() * alphabet.length))
    }
    return text
  }

  /** A UUID, of the random version. */
  uuid(): string {
    const digits = (count: number) => this.digits(count)
    return `${digits(8)}-${digits(4)}-4${digits(3)}-a${digits(3)}-${digits(12)}`
  }
}
