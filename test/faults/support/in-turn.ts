/** Works off a list, three at a time: enough to fill two processors that wait now and then. */
export async function inTurn<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
  atATime = 3,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      const item = items[index];
      if (item !== undefined) await work(item, index);
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}
