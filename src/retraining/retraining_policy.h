// The retraining section of the policy.
#pragma once

namespace hone {

struct RetrainingPolicy {
  int initial_rows = 1008;  // matured rows before the first champion, >= 120; a series shorter than three times that
                            // starts after a third
  double growth = 0.12;     // retrain when the rows have grown by this fraction, (0, 10]
  int schedule_rows = 0;    // retrain at least every so many rows; 0: never by schedule
  double loss_ratio = 1.3;  // retrain when the recent mean loss exceeds this multiple of its reference, [1, 100]
  double drift_loss_ratio = 1.1;  // with high-severity drift this multiple is enough, [1, 100]
  // At this multiple the champion has lost its standing: refits of its recipe need no licence, [1, 1000].
  double standing_loss_ratio = 3;
  int cooldown_rows = 42;    // rows between two retrainings, >= 1
  int budget = 12;           // retrainings within budget_rows, >= 1
  int budget_rows = 252;     // >= 1
  int twin_rows = 252;       // newest rows the twin is not shown, >= 20
  double twin_ratio = 1.15;  // largest RMSE ratio of twin to champion on them, (1, 10]; 10: no check
};

}  // namespace hone
