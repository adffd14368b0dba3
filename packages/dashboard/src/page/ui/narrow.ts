import { useEffect, useState } from "preact/hooks";

/** Where tabs and toolbar have no room beside each other, as in a split editor. */
const NARROW = "(max-width: 800px)";

/** Whether the page is narrow, as it is at the moment. */
export function useNarrow(): boolean {
  const [query] = useState(() => window.matchMedia(NARROW));
  const [isNarrow, set] = useState(query.matches);
  useEffect(() => {
    const look = () => set(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, [query]);
  return isNarrow;
}
