import { useCallback, useEffect, useRef, useState } from "preact/hooks";

const AT_MOST_EVERY_MS = 2_000;

/**
 * A number that grows with the calls, at most every two seconds and only while the page is seen:
 * what hangs on it is asked again.
 */
export function useVersion(): readonly [number, () => void] {
  const [version, setVersion] = useState(0);
  const timer = useRef<number | undefined>(undefined);
  const isDue = useRef(false);
  const last = useRef(-AT_MOST_EVERY_MS);
  const grow = useCallback(() => {
    isDue.current = true;
    if (document.hidden || timer.current !== undefined) return;
    const wait = Math.max(0, last.current + AT_MOST_EVERY_MS - performance.now());
    timer.current = window.setTimeout(() => {
      timer.current = undefined;
      isDue.current = false;
      last.current = performance.now();
      setVersion((before) => before + 1);
    }, wait);
  }, []);
  useEffect(() => {
    const look = () => {
      if (!document.hidden && isDue.current) grow();
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [grow]);
  return [version, grow];
}
