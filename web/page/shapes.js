/**
 * What the network takes and gives: a frame, 28×28 grey levels as MNIST has them, and a class for each digit, before any symbols'. The
 * source is the package (web/package/shapes.js), which keeps them to itself; the test of the house's rules holds the two together.
 */
export const frameSide = 28;
export const frameSize = frameSide * frameSide;
export const digitCount = 10;

/** One of frames that lie one after the other. */
export const frameAt = (frames, index) => frames.subarray(index * frameSize, (index + 1) * frameSize);
