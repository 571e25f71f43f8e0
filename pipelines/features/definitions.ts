import type { ValueType } from './feature-types.ts';

type Described = { description: string; owner: string; tags: readonly string[] };
export type Column = { name: string; type: ValueType };
export type Feature = Column & Described;
export type Entity = Described & { name: string; file: string; keys: readonly Column[] };

/** What a view reads: a table of the repository, or another view. */
export type ViewInput = { file: string } | { view: string };

export type FeatureView = Described & {
  name: string;
  /** Definition file. */
  file: string;
  entities: readonly string[];
  /** Join keys of all its entities, in their order. */
  keys: readonly Column[];
  /** Normalised. A view over one file reads it as `source`. */
  sql: string;
  inputs: Readonly<Record<string, ViewInput>>;
  time: string;
  created: string | null;
  /** Seconds; null when a value never gets too old. */
  ttl: number | null;
  features: readonly Feature[];
};

/** Some features of one view, as a service hands them out. */
export type ServiceItem = {
  view: string;
  /** Beginning of the hex digest of the definition that it insists on. */
  pin: string | null;
  /** Column of the rows for every join key. */
  keys: readonly (Column & { column: string })[];
  features: readonly (Column & { as: string })[];
};

export type FeatureService = Described & {
  /** With its version: `flight_features@v1`. */
  name: string;
  file: string;
  items: readonly ServiceItem[];
};

/** Everything that the definition files of one tree say. Views come after those that they read. */
export type Definitions = {
  entities: ReadonlyMap<string, Entity>;
  views: ReadonlyMap<string, FeatureView>;
  services: ReadonlyMap<string, FeatureService>;
};
