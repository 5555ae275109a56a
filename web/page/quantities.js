/** Numbers as people read them. */
const integer = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const count = (n) => integer.format(n);
export const percent = (share, digits = 2) => `${(share * 100).toFixed(digits)}%`;
export const megabytes = (bytes, digits = 1) => `${(bytes / 1e6).toFixed(digits)} MB`;
export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** "40 s", "3 min 20 s", "1 h 5 min". */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 10 && whole % 60 > 0) return `${minutes} min ${whole % 60} s`;
  if (minutes < 60) return `${Math.round(whole / 60)} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
