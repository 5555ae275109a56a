// What the network takes and gives: a frame, 28×28 pixels as MNIST has them, and a class for each digit, before any symbols'.

export const frameSide = 28;
export const frameSize = frameSide * frameSide;
export const digitCount = 10;
