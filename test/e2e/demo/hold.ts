/** Lets `target[method]` run to its end, and then holds its answer until `open` is called. */
export function hold<T extends object>(
  target: T,
  method: keyof T,
): { readonly reached: Promise<void>; open(): void } {
  const original = target[method] as (...parameters: unknown[]) => Promise<unknown>;
  let open = (): void => undefined;
  let arrive = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const held = async (...parameters: unknown[]): Promise<unknown> => {
    const answer = await original.apply(target, parameters);
    arrive();
    await gate;
    return answer;
  };
  target[method] = held as T[keyof T];
  return { reached, open };
}
