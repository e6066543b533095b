"""Writes the outside numbers that off-policy estimates are held to: tests/reference/off_policy_reference.csv and
off_policy_samples.csv.

Needs numpy and the sources of two packages, unpacked, as arguments: obp 0.4.1 (Open Bandit Pipeline) and vw-estimators 0.2.2
(those of Vowpal Wabbit); run it from the repository root:

    python3 tests/reference/make_off_policy_reference.py FOLDER_OF_OBP FOLDER_OF_VW_ESTIMATORS

The form is that of make_stats_reference.py: function, name of the case, arguments separated by ';', expected value.
"""
import csv
import importlib.util
import sys
import types

import numpy as np

OBP, VW = sys.argv[1], sys.argv[2]
rng = np.random.default_rng(19520101)
folder = "tests/reference/"


def obp_estimators():
    """The estimators' file alone: the rest of the package wants plotting and learning libraries. Its only use of torch, with
    arrays of numpy, is to ask what is a tensor."""
    sys.modules["torch"] = types.SimpleNamespace(Tensor=type("Tensor", (), {}))
    for name in ("obp", "obp.ope"):
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__path__ = []
    for name, path in (("obp.utils", "obp/utils.py"), ("obp.ope.estimators", "obp/ope/estimators.py")):
        spec = importlib.util.spec_from_file_location(name, f"{OBP}/{path}")
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules["obp.ope.estimators"]


sys.path.insert(0, VW)
obp = obp_estimators()
from estimators.bandits import ips as vw_ips, snips as vw_snips  # noqa: E402

rows, samples = [], {}


def add_case(name, rounds, actions, sharpness, reward):
    """A log drawn by a softmax policy of random scores; the target's scores are sharper and partly others."""
    def softmax(scores):
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return scores / scores.sum(axis=1, keepdims=True)
    scores = rng.normal(size=(rounds, actions))
    logging, target = softmax(scores), softmax(sharpness * (scores + rng.normal(size=(rounds, actions))))
    chosen = np.array([rng.choice(actions, p=p) for p in logging])
    at = (np.arange(rounds), chosen)
    expected = rng.normal(size=(rounds, actions))
    rewards, modelled = reward(expected[at]), expected + 0.3 * rng.normal(size=(rounds, actions))
    samples.update({f"propensity_{name}": logging[at], f"target_{name}": target[at], f"reward_{name}": rewards,
                    f"model_{name}": modelled[at], f"model_target_{name}": (target * modelled).sum(axis=1)})
    given = dict(reward=rewards, action=chosen, pscore=logging[at], action_dist=target[:, :, None],
                 position=np.zeros(rounds, dtype=int))
    model = dict(estimated_rewards_by_reg_model=modelled[:, :, None])
    weights = target[at] / logging[at]
    add = lambda function, value, *arguments: rows.append([function, name, ";".join((name, *map(str, arguments))), repr(float(value))])  # noqa: E731
    add("ips", obp.InverseProbabilityWeighting().estimate_policy_value(**given))
    add("snips", obp.SelfNormalizedInverseProbabilityWeighting().estimate_policy_value(**given))
    add("dr", obp.DoublyRobust().estimate_policy_value(**given, **model))
    for tau in (0.5, 1.0, 5.0):
        add("switch_dr", obp.SwitchDoublyRobust(tau=tau).estimate_policy_value(**given, **model), tau)
    for function, module in (("vw_ips", vw_ips), ("vw_snips", vw_snips)):
        estimator = module.Estimator()
        for p_log, r, p_pred in zip(logging[at], rewards, target[at]):
            estimator.add_example(float(p_log), float(r), float(p_pred))
        add(function, estimator.get())
    add("effective_rows", weights.sum() ** 2 / (weights**2).sum())


add_case("clicks", 120, 4, 1.0, lambda mean: (rng.uniform(size=mean.size) < 1 / (1 + np.exp(-mean))).astype(float))
add_case("returns", 150, 3, 2.0, lambda mean: 0.01 * mean + 0.02 * rng.standard_t(4, size=mean.size))
add_case("sharp", 80, 8, 6.0, lambda mean: mean + rng.normal(size=mean.size))

with open(folder + "off_policy_reference.csv", "w", newline="") as out:
    out.write(f"# obp 0.4.1, vw-estimators 0.2.2, numpy {np.__version__}\n")
    csv.writer(out, lineterminator="\n").writerows(rows)
with open(folder + "off_policy_samples.csv", "w", newline="") as out:
    csv.writer(out, lineterminator="\n").writerows([name, *(repr(float(v)) for v in values)] for name, values in samples.items())
