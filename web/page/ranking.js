/** Which class it is: the most probable one, and those that it may be, too. */

/** An unsure reading also names, and offers as an answer, what is at least this probable beside the most probable class. */
export const mayBeToo = 0.1;

/** Index of the largest value, the first of equal ones. */
export const best = (values) => values.reduce((best, value, i) => (value > values[best] ? i : best), 0);

/** Indices of the values, that of the largest first. */
export const ranked = (values) => [...values.keys()].sort((a, b) => values[b] - values[a]);
