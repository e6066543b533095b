"""Writes the outside numbers that bandits are held to: tests/reference/bandit_reference.csv and bandit_samples.csv.

Needs numpy, scipy and the source of obp 0.4.1 (Open Bandit Pipeline), unpacked, as argument; run it from the repository root:

    python3 tests/reference/make_bandit_reference.py FOLDER_OF_OBP

The form is that of make_stats_reference.py: function, name of the case, arguments separated by ';', expected value. Samples: the
history of arms, rewards, contexts and propensities that every algorithm learns from.
"""
import importlib.util
import sys
import types

import numpy as np
from scipy import integrate, special, stats

OBP = sys.argv[1]
folder = "tests/reference/bandit"
rng = np.random.default_rng(19330101)
ROWS, ARMS, WIDTH = 300, 4, 3


def obp_linear():
    """The file of linear policies alone: the rest of the package wants plotting and learning libraries."""
    for name in ("obp", "obp.policy"):
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__path__ = []
    sys.modules["obp.utils"] = types.SimpleNamespace(sample_action_fast=None, softmax=None, check_array=None,
                                                     check_bandit_feedback_inputs=None)
    sys.modules["sklearn"] = types.ModuleType("sklearn")
    sys.modules["sklearn.utils"] = types.SimpleNamespace(check_random_state=np.random.RandomState)
    policy_type = types.ModuleType("obp.policy.policy_type")
    sys.modules["obp.policy.policy_type"] = policy_type
    for name in ("policy_type", "base", "linear"):
        spec = importlib.util.spec_from_file_location(f"obp.policy.{name}", f"{OBP}/obp/policy/{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[f"obp.policy.{name}"] = module
        spec.loader.exec_module(module)
    return sys.modules["obp.policy.linear"]


arms = rng.integers(ARMS, size=ROWS)
contexts = rng.normal(size=(ROWS, WIDTH))
propensities = rng.uniform(0.05, 1, size=ROWS)
rewards = np.clip(0.5 + 0.1 * arms - 0.15 * (arms == 3) + 0.1 * contexts[:, 0] + 0.2 * rng.normal(size=ROWS), 0, 1)
x = rng.normal(size=WIDTH)
samples = {"arm": arms, "reward": rewards, "context": contexts.ravel(), "propensity": propensities, "x": x}
rows = []


def case(function, name, arguments, value):
    rows.append((function, name, ";".join(str(a) for a in arguments), repr(float(value))))


def per_arm(function, values):
    for arm, value in enumerate(values):
        case(function, f"arm{arm}", [arm], value)


# Formulas of the papers, over the whole history at once.
count = np.array([(arms == a).sum() for a in range(ARMS)])
mean = np.array([rewards[arms == a].mean() for a in range(ARMS)])
per_arm("ucb1", mean + np.sqrt(2 * np.log(ROWS) / count))
age = np.arange(ROWS)[::-1]
weight = 0.99 ** age
n = np.array([weight[arms == a].sum() for a in range(ARMS)])
s = np.array([(weight * rewards)[arms == a].sum() for a in range(ARMS)])
per_arm("discounted_ucb", s / n + 2 * np.sqrt(0.5 * np.log(n.sum()) / n))
recent = age < 100
n = np.array([(recent & (arms == a)).sum() for a in range(ARMS)])
s = np.array([rewards[recent & (arms == a)].sum() for a in range(ARMS)])
per_arm("sliding_window_ucb", s / n + np.sqrt(0.5 * np.log(100) / n))
weights = np.ones(ARMS)
for arm, reward, propensity in zip(arms, rewards, propensities):
    weights[arm] *= np.exp(0.1 * (reward / propensity) / ARMS)
per_arm("exp3", 0.9 * weights / weights.sum() + 0.1 / ARMS)

linear = obp_linear()
policy = linear.LinUCB(dim=WIDTH, n_actions=ARMS, epsilon=0.7)
for arm, reward, context in zip(arms, rewards, contexts):
    policy.update_params(arm, reward, context[np.newaxis])
row = x[np.newaxis]
theta = np.concatenate([policy.A_inv[i] @ policy.b[:, [i]] for i in range(ARMS)], axis=1)
deviation = np.array([np.sqrt(x @ policy.A_inv[i] @ x) for i in range(ARMS)])
lin_mean = (row @ theta).ravel()
per_arm("lin_ucb", lin_mean + 0.7 * deviation)
# The order in which OBP would choose, best first: its own method, not the lines above.
policy.len_list = ARMS
assert list(policy.select_action(row)) == list(np.argsort(lin_mean + 0.7 * deviation)[::-1])


def best_probability(pdf, cdf, points, low, high):
    """Adaptive quadrature between all break points of all arms."""
    cuts = np.unique(np.clip(points, low, high))
    out = []
    for a in range(len(pdf)):
        def integrand(u, a=a):
            return pdf[a](u) * np.prod([cdf[b](u) for b in range(len(cdf)) if b != a])
        out.append(sum(integrate.quad(integrand, p, q, epsabs=1e-14, epsrel=1e-13, limit=400)[0] for p, q in zip(cuts, cuts[1:])))
    return np.array(out)


def normal_case(name, means, deviations):
    pdf = [lambda u, m=m, d=d: stats.norm.pdf(u, m, d) for m, d in zip(means, deviations)]
    cdf = [lambda u, m=m, d=d: special.ndtr((u - m) / d) for m, d in zip(means, deviations)]
    points = np.concatenate([np.array(means) + k * np.array(deviations) for k in range(-12, 13)])
    values = best_probability(pdf, cdf, points, points.min(), points.max())
    assert abs(values.sum() - 1) < 1e-11, (name, values.sum())
    samples["normal_mean_" + name], samples["normal_deviation_" + name] = means, deviations
    for arm, value in enumerate(values):
        case("best_normal", f"{name}_{arm}", [name, arm], value)


def beta_case(name, alphas, betas):
    """Over x = u^20 below 1/2 and x = 1 - u^20 above: no density is infinite there."""
    def low(u):
        return u ** 20, 20 * u ** 19

    values = np.zeros(len(alphas))
    for one, other in ((alphas, betas), (betas, alphas)):
        upper = one is betas  # by symmetry 1 - x has the parameters exchanged, and its distribution function is 1 - F
        pdf = [lambda u, a=a, b=b: np.exp(special.xlogy(a - 1, low(u)[0]) + special.xlog1py(b - 1, -low(u)[0])
                                          - special.betaln(a, b)) * low(u)[1] for a, b in zip(one, other)]
        cdf = [(lambda u, a=a, b=b: special.betaincc(a, b, low(u)[0])) if upper else
               (lambda u, a=a, b=b: special.betainc(a, b, low(u)[0])) for a, b in zip(one, other)]
        levels = np.concatenate([10.0 ** np.arange(-14, -1), np.linspace(0.05, 0.95, 19), 1 - 10.0 ** np.arange(-14, -1)])
        points = np.concatenate([special.betaincinv(a, b, levels) for a, b in zip(one, other)] + [[0, 0.5]]) ** (1 / 20)
        values += best_probability(pdf, cdf, points, 1e-15, 0.5 ** (1 / 20))
    assert abs(values.sum() - 1) < 1e-10, (name, values.sum())
    samples["beta_alpha_" + name], samples["beta_beta_" + name] = alphas, betas
    for arm, value in enumerate(values):
        case("best_beta", f"{name}_{arm}", [name, arm], value)


normal_case("two", [0.0, 0.3], [1.0, 0.5])
normal_case("equal", [1.0, 1.0, 1.0], [2.0, 2.0, 2.0])
normal_case("scales", [0.0, 0.1, 0.1001, -5.0], [1.0, 0.01, 0.0001, 3.0])
normal_case("apart", [0.0, 5.0], [1.0, 1.0])
normal_case("many", list(rng.normal(size=12)), list(rng.uniform(0.01, 2, size=12)))
beta_case("prior", [1.0, 1.0, 1.0], [1.0, 1.0, 1.0])
beta_case("new", [1.0, 51.0, 31.5], [1.0, 51.0, 70.5])
beta_case("sure", [900.0, 20.0, 4801.0], [1100.0, 18.0, 5201.0])
beta_case("half", [0.5, 0.7, 3.2], [0.5, 12.0, 0.9])
beta_case("rare", [2.0, 4.0, 1.0], [3000.0, 5000.0, 900.0])

with open(folder + "_reference.csv", "w", newline="") as out:
    import scipy
    out.write(f"# obp 0.4.1, scipy {scipy.__version__}, numpy {np.__version__}\n")
    for row in rows:
        out.write(",".join(row) + "\n")
with open(folder + "_samples.csv", "w", newline="") as out:
    for name, values in samples.items():
        out.write(",".join([name] + [repr(float(v)) for v in values]) + "\n")
