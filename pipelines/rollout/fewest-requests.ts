/** With fewer requests of a variant than this, neither its latency nor the spread of its scores can be estimated. */
export const fewestRequests = 8;
