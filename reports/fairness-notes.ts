/** Said wherever several ideas of fairness stand side by side. */
export const impossibilityNote =
  'Where base rates differ, calibration or predictive parity and equalised odds cannot all hold (Chouldechova 2017; Kleinberg, Mullainathan and Raghavan 2016): choose one by what a wrong decision costs, and gate that one.';

export const labelNote =
  'All rates believe the labels. Where labels were made by unequal treatment (who was searched, arrested, hired, diagnosed), equal rates only repeat it.';

export const fourFifthsNote =
  'a heuristic from United States employment guidelines (29 CFR 1607.4(D)), no law elsewhere and no test of fairness';
