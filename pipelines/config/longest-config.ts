/** Characters; a configuration is written by hand, and everything longer is a mistake or an attack. */
export const longestConfig = 262_144;
