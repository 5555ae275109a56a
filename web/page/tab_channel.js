/** → a channel to the other tabs of this page; null where a browser has none, or allows none (Firefox, when it blocks all cookies). */
export function openTabChannel(name) {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null;
  }
}
