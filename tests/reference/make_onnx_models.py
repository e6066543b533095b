#!/usr/bin/env python3
"""Makes tests/reference/onnx: small ONNX tree ensembles, and what ONNX Runtime answers.

    make_onnx_models.py FOLDER              FOLDER/x.onnx and FOLDER/x.csv
    make_onnx_models.py FOLDER MODEL.onnx…  FOLDER/MODEL.csv for models that there are

Needs the Python packages onnx 1.23, onnxruntime 1.24, numpy, and for the converted models scikit-learn 1.9, skl2onnx 1.20,
onnxmltools 1.16, lightgbm 4.7 and xgboost 3.1. FOLDER/x.onnx is a model, FOLDER/x.csv a row of numbers per line and the
answer behind them; a name that ends in _exact is compared to the bit, any other to 2 units in the last place of a float.
"""
import os
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

TRANSFORMS = ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT"]
MODES = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"]
SPECIAL = [0.0, -0.0, np.nan, np.inf, -np.inf, 1e-40, -1e-40, 1e-320, 3.0000001, 1e300]


def tensor(values, dtype):
    return numpy_helper.from_array(np.array(values, dtype))


def model_of(node, width, dtype, version, outputs):
    kind = TensorProto.FLOAT if dtype == np.float32 else TensorProto.DOUBLE
    graph = helper.make_graph([node], "g", [helper.make_tensor_value_info("X", kind, [None, width])],
                              [helper.make_empty_tensor_value_info(name) for name in outputs])
    return helper.make_model(graph, ir_version=8,
                             opset_imports=[helper.make_opsetid("ai.onnx.ml", version), helper.make_opsetid("", 17)])


class Trees:
    """Random trees: nodes with a mode, a column and a threshold from a grid, and leaves."""

    def __init__(self, rng, trees, depth, width, modes, dtype):
        self.rng, self.width, self.modes, self.dtype = rng, width, modes, dtype
        self.roots = [self.node(depth if i else 0 if rng.random() < 0.3 else depth) for i in range(trees)]

    def node(self, depth):
        if depth == 0 or self.rng.random() < 0.15:
            return {"leaf": True}
        threshold = self.dtype(self.rng.choice([self.rng.normal(), self.rng.integers(-2, 4), 0.5, -0.0, 1e-40]))
        if self.rng.random() < 0.03:
            threshold = self.dtype(self.rng.choice([np.inf, -np.inf]))
        return {"leaf": False, "column": int(self.rng.integers(self.width)), "value": threshold,
                "mode": self.rng.choice(self.modes), "tracks": int(self.rng.random() < 0.5),
                "on_true": self.node(depth - 1), "on_false": self.node(depth - 1)}

    def thresholds(self):
        found, open_nodes = [], list(self.roots)
        while open_nodes:
            node = open_nodes.pop()
            if node["leaf"]:
                continue
            found += node.get("members", [node["value"]])
            open_nodes += [node["on_true"], node["on_false"]]
        return found


def by_ids(trees, rng):
    """Attributes of TreeEnsembleRegressor and TreeEnsembleClassifier, and the ids of leaves."""
    names = ["treeids", "nodeids", "featureids", "modes", "values", "truenodeids", "falsenodeids",
             "missing_value_tracks_true"]
    lists = {"nodes_" + name: [] for name in names}
    leaves = []
    for tree, root in enumerate(trees.roots):
        order, numbers = [root], {}
        for node in order:
            if not node["leaf"]:
                order += [node["on_true"], node["on_false"]]
        ids = rng.permutation(len(order))
        for node, number in zip(order, ids):
            numbers[id(node)] = int(number)
        for node in order:
            row = [tree, numbers[id(node)], 0, "LEAF", float(rng.normal()), 0, 0, 0]
            if node["leaf"]:
                leaves.append((tree, numbers[id(node)]))
            else:
                row = [tree, numbers[id(node)], node["column"], node["mode"], node["value"], numbers[id(node["on_true"])],
                       numbers[id(node["on_false"])], node["tracks"]]
            for name, value in zip(names, row):
                lists["nodes_" + name].append(value)
    return lists, leaves


def numbers(attributes, name, values, dtype, rng):
    """As floats, or as a tensor, which doubles need and floats may have."""
    if dtype == np.float64 or rng.random() < 0.3:
        attributes.pop(name, None)
        attributes[name + "_as_tensor"] = tensor(values, dtype)
    else:
        attributes[name] = [float(np.float32(value)) for value in values]


def weights_of(rng, leaves, classes, several, positive, only=None):
    entries = []
    for tree, node in leaves:
        if only is not None:
            chosen = [only] * (1 if rng.random() < 0.9 or classes == 1 else 2)
        elif several:
            chosen = list(rng.permutation(classes))
        else:
            chosen = [tree % classes]
        for target in chosen:
            value = rng.normal()
            entries.append((tree, node, int(target), abs(value) / 10 if positive else value))
    order = rng.permutation(len(entries)) if rng.random() < 0.3 else range(len(entries))
    return [entries[i] for i in order]


def random_by_ids(rng, dtype, classifier, outputs, transform, aggregate="SUM", base=0, several=True, positive=False,
                  only=None, modes=None, trees=None):
    width = int(rng.integers(1, 5))
    made = Trees(rng, trees or int(rng.integers(1, 9)), int(rng.integers(1, 5)), width, modes or MODES, dtype)
    attributes, leaves = by_ids(made, rng)
    numbers(attributes, "nodes_values", attributes["nodes_values"], dtype, rng)
    prefix = "class" if classifier else "target"
    entries = weights_of(rng, leaves, outputs, several, positive, only)
    for name, place in [("treeids", 0), ("nodeids", 1), ("ids", 2)]:
        attributes[f"{prefix}_{name}"] = [entry[place] for entry in entries]
    numbers(attributes, f"{prefix}_weights", [entry[3] for entry in entries], dtype, rng)
    if base:
        numbers(attributes, "base_values", list(rng.normal(size=base)), dtype, rng)
    attributes["post_transform"] = transform
    if classifier:
        attributes["classlabels_int64s"] = list(range(outputs))
    else:
        attributes["n_targets"] = outputs
        attributes["aggregate_function"] = aggregate
    node = helper.make_node("TreeEnsemble" + ("Classifier" if classifier else "Regressor"), ["X"],
                            ["label", "scores"] if classifier else ["scores"], domain="ai.onnx.ml", **attributes)
    return model_of(node, width, dtype, 3, ["scores"]), made


def random_by_places(rng, dtype, outputs, transform, aggregate, trees=None):
    """TreeEnsemble of ai.onnx.ml 5."""
    width = int(rng.integers(1, 5))
    made = Trees(rng, trees or int(rng.integers(1, 9)), int(rng.integers(1, 5)), width, MODES + ["MEMBER"], dtype)
    lists = {name: [] for name in ["featureids", "modes", "splits", "truenodeids", "trueleafs", "falsenodeids",
                                   "falseleafs", "missing_value_tracks_true"]}
    leaf_targets, leaf_weights, roots, members = [], [], [], []

    def leaf(tree):
        leaf_targets.append(tree % outputs)
        leaf_weights.append(rng.normal())
        return len(leaf_weights) - 1

    def split(node, tree):
        place = len(lists["modes"])
        for name in lists:
            lists[name].append(0)
        lists["featureids"][place] = node["column"]
        lists["modes"][place] = (MODES + ["MEMBER"]).index(node["mode"])
        lists["splits"][place] = node["value"]
        lists["missing_value_tracks_true"][place] = node["tracks"]
        if node["mode"] == "MEMBER":
            node["members"] = [dtype(value) for value in sorted({*rng.integers(-3, 40, 3).tolist()})]
            members.extend(node["members"] + [np.nan])
        for side in ["true", "false"]:
            child = node["on_" + side]
            lists[side + "leafs"][place] = int(child["leaf"])
            lists[side + "nodeids"][place] = leaf(tree) if child["leaf"] else split(child, tree)
        return place

    for tree, root in enumerate(made.roots):
        if root["leaf"]:  # ONNX Runtime answers it with the leaf that has the root's number
            root = {"leaf": False, "column": 0, "value": dtype(0), "mode": "BRANCH_LT", "tracks": 0,
                    "on_true": {"leaf": True}, "on_false": {"leaf": True}}
        roots.append(split(root, tree))
    attributes = {"nodes_" + name: values for name, values in lists.items()}
    attributes["nodes_modes"] = tensor(lists["modes"], np.uint8)
    attributes["nodes_splits"] = tensor(lists["splits"], dtype)
    if members:
        attributes["membership_values"] = tensor(members, dtype)
    node = helper.make_node("TreeEnsemble", ["X"], ["scores"], domain="ai.onnx.ml", n_targets=outputs, tree_roots=roots,
                            leaf_targetids=leaf_targets, leaf_weights=tensor(leaf_weights, dtype),
                            post_transform=transform, aggregate_function=aggregate, **attributes)
    return model_of(node, width, dtype, 5, ["scores"]), made


def rows_for(rng, width, thresholds, dtype, most):
    """Rows on every threshold, beside it, and of special values."""
    pool = list(SPECIAL)
    for threshold in thresholds:
        pool += [threshold, np.nextafter(threshold, dtype(np.inf)), np.nextafter(threshold, dtype(-np.inf))]
    with np.errstate(over="ignore"):
        pool = np.array(pool).astype(dtype)
    count = min(most, 3 * len(pool))
    rows = rng.choice(pool, size=(count, width))
    for i in range(min(count, len(pool))):
        rows[i, rng.integers(width)] = pool[i]
    return rows


def session_of(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def answers_of(model, rows):
    session = session_of(model)
    names = [output.name for output in session.get_outputs()]
    scores = session.run([names[-1]], {session.get_inputs()[0].name: rows})[0]
    if isinstance(scores, list):  # of a ZipMap
        scores = np.array([list(row.values()) for row in scores])
    return np.asarray(scores).reshape(len(rows), -1)


def write(folder, name, model, rows):
    onnx.save(model, os.path.join(folder, name + ".onnx"))
    write_answers(folder, name, model, rows)


def write_answers(folder, name, model, rows):
    answers = answers_of(model, rows)
    with open(os.path.join(folder, name + ".csv"), "w") as file:
        for row in np.hstack([rows.astype(np.float64), answers.astype(np.float64)]):
            file.write(",".join(repr(float(value)) for value in row) + "\n")


def write_random(folder):
    cases = {}
    f, d = np.float32, np.float64
    cases["regressor_exact"] = (random_by_ids, f, False, 1, "NONE"), {"base": 1, "trees": 6}
    cases["regressor_double_exact"] = (random_by_ids, d, False, 1, "LOGISTIC"), {"base": 1, "trees": 6}
    cases["regressor_probit"] = (random_by_ids, f, False, 1, "PROBIT"), {"positive": True, "trees": 3}
    for aggregate in ["AVERAGE", "MIN", "MAX"]:
        cases[f"targets_{aggregate.lower()}_exact"] = (random_by_ids, f, False, 3, "NONE", aggregate), {"base": 3}
    for transform in TRANSFORMS:
        name = f"classes_{transform.lower()}" + ("_exact" if transform == "NONE" else "")
        cases[name] = (random_by_ids, f, True, 3, transform), {"base": 3}
    cases["classes_double_softmax_zero"] = (random_by_ids, d, True, 3, "SOFTMAX_ZERO"), {"base": 3, "several": False}
    for name, options in {"positive_exact": {"positive": True}, "positive_base_exact": {"positive": True, "base": 1},
                          "mixed_exact": {}, "two_bases_exact": {"base": 2}}.items():
        cases["one_weight_" + name] = (random_by_ids, f, True, 2, "NONE"), {"only": 0, **options}
    cases["one_weight_logistic"] = (random_by_ids, f, True, 2, "LOGISTIC"), {"only": 0, "base": 1}
    cases["one_weight_double_logistic"] = (random_by_ids, d, True, 2, "LOGISTIC"), {"only": 0}
    cases["second_weight_logistic"] = (random_by_ids, f, True, 2, "LOGISTIC"), {"only": 1}
    cases["both_weights_exact"] = (random_by_ids, f, True, 2, "NONE"), {}
    cases["both_weights_two_bases_exact"] = (random_by_ids, f, True, 2, "NONE"), {"base": 2}
    cases["both_weights_softmax"] = (random_by_ids, f, True, 2, "SOFTMAX"), {"base": 1}
    cases["one_class_exact"] = (random_by_ids, f, True, 1, "LOGISTIC"), {"base": 1}
    for k, aggregate in enumerate(["average", "sum", "min", "max"]):
        cases[f"version5_{aggregate}_exact"] = (random_by_places, f, 1, 0, k), {"trees": 5}
    cases["version5_double_exact"] = (random_by_places, d, 3, 0, 1), {"trees": 7}
    cases["version5_logistic"] = (random_by_places, f, 2, 1, 1), {"trees": 6}
    cases["version5_softmax"] = (random_by_places, d, 2, 2, 1), {"trees": 6}
    for seed, (name, (call, options)) in enumerate(cases.items()):
        rng = np.random.default_rng(seed + 1)
        model, made = call[0](rng, *call[1:], **options)
        width = model.graph.input[0].type.tensor_type.shape.dim[1].dim_value
        write(folder, name, model, rows_for(rng, width, made.thresholds(), call[1], 40))


def write_chain(folder):
    """Sets as old converters write them: tests for equality that share what follows when one holds."""
    node = helper.make_node(
        "TreeEnsembleRegressor", ["X"], ["scores"], domain="ai.onnx.ml", n_targets=1, nodes_treeids=[0] * 7,
        nodes_nodeids=[0, 1, 2, 3, 4, 5, 6], nodes_featureids=[0, 0, 0, 1, 0, 0, 0],
        nodes_modes=["BRANCH_EQ", "BRANCH_EQ", "BRANCH_EQ", "BRANCH_LEQ", "LEAF", "LEAF", "LEAF"],
        nodes_values=[1, 7, 9, 0.5, 0, 0, 0], nodes_truenodeids=[3, 3, 3, 4, 0, 0, 0],
        nodes_falsenodeids=[1, 2, 5, 6, 0, 0, 0], target_treeids=[0] * 3, target_nodeids=[4, 5, 6], target_ids=[0] * 3,
        target_weights=[1.5, -2.25, 4.5])
    rows = np.array([[a, b] for a in [1, 7, 9, 2.5, 0, np.nan] for b in [0, 0.5, 1, np.nan]], np.float32)
    write(folder, "shared_branches_exact", model_of(node, 2, np.float32, 1, ["scores"]), rows)


def write_converted(folder):
    """What the usual converters make of models of other libraries."""
    import lightgbm
    import onnxmltools
    import skl2onnx
    import sklearn.ensemble
    import xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    rng = np.random.default_rng(7)
    x = rng.normal(size=(200, 4)).astype(np.float32)
    kind = (x[:, 0] + x[:, 1] * x[:, 2] > 0).astype(int) + (x[:, 3] > 1)
    value = x[:, 0] * 2 + np.sin(x[:, 1])
    rows = x[:30]
    small = {"n_estimators": 4, "max_depth": 3, "random_state": 1}
    forest = sklearn.ensemble.RandomForestClassifier(**small).fit(x, np.array(["a", "b", "c"])[kind])
    write(folder, "sklearn_forest_zipmap_exact", skl2onnx.to_onnx(forest, x[:1], target_opset={"": 17, "ai.onnx.ml": 3}), rows)
    boosted = sklearn.ensemble.GradientBoostingRegressor(**small).fit(x, value)
    write(folder, "sklearn_boosting_exact", skl2onnx.to_onnx(boosted, x[:1], target_opset={"": 17, "ai.onnx.ml": 3}), rows)
    types = [("X", FloatTensorType([None, 4]))]
    binary = lightgbm.LGBMClassifier(n_estimators=4, num_leaves=6, verbose=-1).fit(x, (kind > 0).astype(int))
    write(folder, "lightgbm_binary", onnxmltools.convert_lightgbm(binary, initial_types=types, target_opset=15), rows)
    several = xgboost.XGBClassifier(n_estimators=3, max_depth=2).fit(x, kind)
    write(folder, "xgboost_classes", onnxmltools.convert_xgboost(several, initial_types=types, target_opset=15), rows)


def write_stored(folder, path):
    """Rows on and beside the thresholds of a stored model, and special values."""
    model = onnx.load(path)
    nodes = next(node for node in model.graph.node if node.op_type.startswith("TreeEnsemble"))
    lists = {attribute.name: helper.get_attribute_value(attribute) for attribute in nodes.attribute}
    rng = np.random.default_rng(3)
    rows = rows_for(rng, max(lists["nodes_featureids"]) + 1, [np.float32(value) for value in lists["nodes_values"]],
                    np.float32, 24)
    write_answers(folder, os.path.splitext(os.path.basename(path))[0], model, rows)


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for path in sys.argv[2:]:
        write_stored(folder, path)
    if len(sys.argv) > 2:
        return
    write_random(folder)
    write_chain(folder)
    write_converted(folder)


if __name__ == "__main__":
    main()
