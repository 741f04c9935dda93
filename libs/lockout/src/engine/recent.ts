/**
 * Values by text, those asked for lately: at most `capacity` of them, at least half as many. Two maps take turns, so
 * that a look costs one or two lookups and nothing is ever moved about.
 */
export class Recent<Value> {
  private young = new Map<string, Value>();
  private old = new Map<string, Value>();

  constructor(private readonly capacity: number) {}

  get(text: string): Value | undefined {
    const value = this.young.get(text);
    if (value !== undefined) return value;
    const kept = this.old.get(text);
    if (kept !== undefined) this.set(text, kept);
    return kept;
  }

  set(text: string, value: Value): void {
    if (this.young.size * 2 >= this.capacity) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(text, value);
  }

  clear(): void {
    this.young.clear();
    this.old.clear();
  }
}
