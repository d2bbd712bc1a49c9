/** A list of whole numbers that grows. */
export class Growing {
  #array: Uint32Array;
  #length = 0;

  constructor(capacity: number) {
    this.#array = new Uint32Array(Math.max(16, capacity));
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#array.length) {
      const larger = new Uint32Array(this.#length * 2);
      larger.set(this.#array);
      this.#array = larger;
    }
    this.#array[this.#length] = value;
    this.#length += 1;
  }

  /** What was pushed; the list must not be used any more. */
  done(): Uint32Array {
    return this.#array.subarray(0, this.#length);
  }
}
