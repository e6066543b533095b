"""Writes the ONNX models beside it, and for each that is answered a CSV of rows (x...) and answers (y...).

The answers are scikit-learn's own, or NumPy's for the graphs made by hand: not ONNX Runtime's.
    pip install onnx==1.23.2 skl2onnx==1.20.0 scikit-learn==1.9.1 pandas==3.1.1 && python make_onnx_models.py
"""
import csv
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
import pandas

HERE = pathlib.Path(__file__).parent
OPSET = {"": 17, "ai.onnx.ml": 3}
random = np.random.default_rng(7)


def write_rows(name, rows, answers):
    rows, answers = np.asarray(rows, float), np.asarray(answers, float).reshape(len(rows), -1)
    with open(HERE / (name + ".csv"), "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([f"x{i}" for i in range(rows.shape[1])] + [f"y{i}" for i in range(answers.shape[1])])
        for row, answer in zip(rows, answers):
            out.writerow([repr(float(v)) for v in (*row, *answer)])


def write(name, model):
    (HERE / (name + ".onnx")).write_bytes(model.SerializeToString())


def singles(n, width):
    return random.normal(size=(n, width)).astype(np.float32)


def graph(name, nodes, inputs, outputs, tensors=(), domains=()):
    """A graph by hand; inputs and outputs are (name, element type, shape)."""
    made = helper.make_graph(nodes, name, [helper.make_tensor_value_info(*i) for i in inputs],
                             [helper.make_tensor_value_info(*o) for o in outputs],
                             [numpy_helper.from_array(a, n) for n, a in tensors])
    opsets = [helper.make_opsetid("", 17)] + [helper.make_opsetid(d, 1) for d in domains]
    model = helper.make_model(made, opset_imports=opsets)
    model.ir_version = 8
    return model


def pipelines():
    x = singles(200, 4)
    y = np.sin(x[:, 0]) + x[:, 1] * x[:, 2]
    network = make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=(8, 4), max_iter=300, random_state=1)).fit(x, y)
    write("network", to_onnx(network, initial_types=[("X", FloatTensorType([None, 4]))], target_opset=OPSET))
    write_rows("network", x[:40], network.predict(x[:40]))

    ridge = Ridge().fit(x.astype(float), y)
    write("ridge_double", to_onnx(ridge, initial_types=[("X", DoubleTensorType([None, 4]))], target_opset=OPSET))
    write_rows("ridge_double", x[:10], ridge.predict(x[:10].astype(float)))

    classes = np.array(["down", "flat", "up"])[np.digitize(y, [-0.5, 0.5])]
    logistic = LogisticRegression().fit(x, classes)
    write("classes_zipmap", to_onnx(logistic, initial_types=[("X", FloatTensorType([None, 4]))], target_opset=OPSET))
    write_rows("classes_zipmap", x[:10], logistic.predict_proba(x[:10]))
    write("classes_label_only", helper_label_only(logistic))

    table = pandas.DataFrame({"spread": x[:, 0], "volume": x[:, 1], "side": random.integers(0, 3, 200)})
    table.loc[::5, "spread"] = np.nan
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    columns = make_pipeline(
        ColumnTransformer([("numbers", numbers, ["spread", "volume"]),
                           ("side", OneHotEncoder(handle_unknown="ignore"), ["side"])]),
        LogisticRegression()).fit(table, y > 0)
    kinds = [("spread", FloatTensorType([None, 1])), ("volume", FloatTensorType([None, 1])),
             ("side", Int64TensorType([None, 1]))]
    write("columns", to_onnx(columns, initial_types=kinds, target_opset=OPSET,
                             options={id(columns): {"zipmap": False}}))
    write_rows("columns", table[:20], columns.predict_proba(table[:20]))


def helper_label_only(logistic):
    """The label as text is all it answers."""
    model = to_onnx(logistic, initial_types=[("X", FloatTensorType([None, 4]))], target_opset=OPSET)
    del model.graph.output[1:]
    return model


def graphs():
    FLOAT, INT64, STRING = TensorProto.FLOAT, TensorProto.INT64, TensorProto.STRING
    node = helper.make_node
    weights = singles(3, 2)
    product = [node("MatMul", ["x", "w"], ["y"])]
    write("one_row", graph("one_row", product, [("x", FLOAT, [1, 3])], [("y", FLOAT, [1, 2])], [("w", weights)]))
    x = singles(5, 3)
    write_rows("one_row", x, x @ weights)

    mixing = [node("Softmax", ["x"], ["y"], axis=0)]
    write("mixes_rows", graph("mixes_rows", mixing, [("x", FLOAT, ["N", 2])], [("y", FLOAT, ["N", 2])]))
    write_rows("mixes_rows", singles(4, 2), np.ones((4, 2)))

    two = [node("ReduceSum", ["x", "one"], ["sum"], keepdims=0), node("Mul", ["x", "x"], ["squares"])]
    write("two_outputs", graph("two_outputs", two, [("x", FLOAT, ["N", 2])],
                               [("sum", FLOAT, ["N"]), ("squares", FLOAT, ["N", 2])], [("one", np.array([1]))]))
    x = singles(6, 2)
    write_rows("two_outputs", x, np.column_stack([x.sum(1), x * x]))

    lookup = [node("Gather", ["table", "code"], ["y"], axis=0)]
    write("lookup", graph("lookup", lookup, [("code", INT64, ["N", 1])], [("y", FLOAT, ["N", 1])],
                          [("table", np.array([10, 20, 30], np.float32))]))

    integers = [node("Add", ["a", "b"], ["sum"])]
    write("integers", graph("integers", integers, [("a", TensorProto.INT32, ["N", 1]), ("b", TensorProto.INT32, ["N", 1])],
                            [("sum", TensorProto.INT32, ["N", 1])]))
    write_rows("integers", [[1, 2], [-3, 40]], [[3], [37]])

    same = [node("Identity", ["x"], ["y"])]
    write("refused_text", graph("text", same, [("x", STRING, ["N", 1])], [("y", STRING, ["N", 1])]))
    write("refused_open_width", graph("open", same, [("x", FLOAT, ["N", "F"])], [("y", FLOAT, ["N", "F"])]))
    write("refused_half", graph("half", same, [("x", TensorProto.FLOAT16, ["N", 2])],
                                [("y", TensorProto.FLOAT16, ["N", 2])]))
    custom = [node("Forecast", ["x"], ["y"], domain="com.example")]
    write("refused_operator", graph("custom", custom, [("x", FLOAT, ["N", 2])], [("y", FLOAT, ["N", 2])],
                                    domains=["com.example"]))
    outside = graph("outside", product, [("x", FLOAT, ["N", 3])], [("y", FLOAT, ["N", 2])], [("w", weights)])
    tensor = outside.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../weights.bin")
    write("refused_other_file", outside)
    shape = [node("MatMul", ["x", "w"], ["y"], name="product")]
    write("refused_shapes", graph("shapes", shape, [("x", FLOAT, ["N", 4])], [("y", FLOAT, ["N", 2])], [("w", weights)]))


def divisions():
    FLOAT, INT64, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL
    node = helper.make_node
    a, b, ratio = ("a", INT64, ["N", 1]), ("b", INT64, ["N", 1]), ("ratio", INT64, ["N", 1])
    divide = [node("Div", ["a", "b"], ["ratio"])]
    to_float = [node("Cast", ["ratio"], ["y"], to=FLOAT)]
    write("refused_division", graph("division", divide + to_float, [a, b], [("y", FLOAT, ["N", 1])]))
    branch = helper.make_graph(divide, "branch", [], [helper.make_tensor_value_info(*ratio)])
    choice = [node("If", ["choice"], ["y"], then_branch=branch, else_branch=branch)]
    write("refused_division_in_branch",
          graph("choice", choice, [a, b, ("choice", BOOL, [1])], [("y", INT64, ["N", 1])]))
    # Floats may be divided by anything, integers by constants above zero.
    nodes = [node("Div", ["a", "two"], ["half"]), node("Cast", ["half"], ["h"], to=FLOAT), node("Div", ["h", "x"], ["y"])]
    write("division_by_constant", graph("constant", nodes, [a, ("x", FLOAT, ["N", 1])], [("y", FLOAT, ["N", 1])],
                                        [("two", np.array([2], np.int64))]))
    write_rows("division_by_constant", [[7, 2], [9, -8]], [[1.5], [-0.5]])


def loops():
    FLOAT, INT64, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL
    node, info = helper.make_node, helper.make_tensor_value_info
    body = helper.make_graph([node("Identity", ["go"], ["go_on"]), node("Neg", ["before"], ["after"])], "body",
                             [info("i", INT64, []), info("go", BOOL, []), info("before", FLOAT, None)],
                             [info("go_on", BOOL, []), info("after", FLOAT, None)])
    endless = [node("Loop", ["", "always", "x"], ["y"], body=body)]
    write("refused_endless", graph("endless", endless, [("x", FLOAT, ["N", 2])], [("y", FLOAT, ["N", 2])],
                                   [("always", np.array(True))]))


pipelines()
graphs()
divisions()
loops()
