/** Time enters here and nowhere else. */
export type Clock = { now(): Date };
