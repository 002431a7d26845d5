"""Models made with onnx.helper, and what dcc-onnx makes of them; run by tests/onnx.sh.

MACs are worked out here from the shapes, each by its own formula, and compared with what dcc counts
for the layers that dcc-onnx writes.
"""
import collections
import contextlib
import glob
import importlib.machinery
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
import tempfile

from onnx import TensorProto, helper, save

SRCDIR, BUILD, DCC = os.environ["SRCDIR"], os.environ["BUILD"], os.environ["DCC"]
SHARED = os.path.join(SRCDIR, "..", "shared", "peers")
DEBIAN = "/usr/share/libonnx-testdata/data"
number = 0


def report(right, what, detail=""):
    global number
    number += 1
    print("%s %d - %s" % ("ok" if right else "not ok", number, what))
    if not right:
        print("".join("# %s\n" % line for line in str(detail).splitlines()[-20:]), end="")


def skip(what, why):
    global number
    number += 1
    print("ok %d - %s # SKIP %s" % (number, what, why))


def load():
    """The program as a module: a process for each model would take most of the time."""
    loader = importlib.machinery.SourceFileLoader("dcc_onnx", BUILD + "/dcc-onnx")
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("dcc_onnx", loader))
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


PROGRAM = load()
Run = collections.namedtuple("Run", "returncode stdout stderr")


def dcc_onnx(*arguments):
    out, err = io.StringIO(), io.StringIO()
    sys.argv[1:] = arguments
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = PROGRAM.main()
    return Run(status, out.getvalue(), err.getvalue())


# --- models ---


def value(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def weight(name, shape):
    """Without its data: no weight is read."""
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="nowhere")
    return tensor


def model(path, nodes, inputs, weights=(), opset=13, outputs=("out",), constants=()):
    """constants: whole numbers by name."""
    numbers = [helper.make_tensor(name, TensorProto.INT64, [len(n)], n) for name, n in dict(constants).items()]
    graph = helper.make_graph(
        nodes,
        "test",
        [value(name, shape) for name, shape in inputs.items()],
        [value(name, None) for name in outputs],
        [weight(name, shape) for name, shape in dict(weights).items()] + numbers,
    )
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)]), path)
    return path


def node(op, inputs, outputs="out", **attributes):
    return helper.make_node(op, inputs.split(" "), outputs.split(" "), name="n_" + outputs.split(" ")[0], **attributes)


def macs(path):
    """Type, MACs and count of each layer, as dcc has them."""
    run = subprocess.run(
        [DCC, "c-p.m", "--model", path, "--hw", "paper256.hw", "--json", "-"], capture_output=True, text=True, check=False
    )
    if run.returncode != 0:
        return run.stderr
    return [(layer["type"], layer["macs"], layer["count"]) for layer in json.loads(run.stdout)["layers"]]


def edges(text):
    """Layer -> what follows From, braces and all, for layers that have one."""
    found = re.findall(r"  Layer (\S+) \{[^\n]*\n((?:    [^\n]*\n)*)  \}\n", text)
    return {name: m.group(1) for name, body in found for m in [re.search(r"^    From:? (.*)$", body, re.M)] if m}


def expect(what, path, layers, froms=None, options=(), says=()):
    """layers: (type, MACs, count); froms: as edges() has them; says: parts of the comments."""
    run = dcc_onnx(path, *options)
    written = path.replace(".onnx", ".m")
    with open(written, "w", encoding="ascii") as file:
        file.write(run.stdout)
    got = macs(written) if run.returncode == 0 else run.stderr
    report(got == [tuple(layer) for layer in layers], what, "%s\n%s" % (got, run.stdout))
    if froms is not None:
        report(edges(run.stdout) == froms, what + ": edges", edges(run.stdout))
    for part in says:
        report(part in run.stdout, "%s: %s" % (what, part), run.stdout)
    formatted = subprocess.run([DCC, "--format=" + written], capture_output=True, text=True, check=False)
    report(formatted.stdout == run.stdout, what + ": dcc --format leaves it as it is", formatted.stderr)
    return run


# --- each kind of operation ---


def convolutions():
    expect(
        "a convolution",
        model("conv.onnx", [node("Conv", "x w", strides=[2, 2], pads=[1, 1, 1, 1])], {"x": [2, 3, 9, 11]}, {"w": [8, 3, 3, 5]}),
        [("CONV", 2 * 8 * 3 * 5 * 5 * 3 * 5, 1)],
        {},
    )
    expect(
        "dilated, padded on one side",
        model(
            "dilated.onnx",
            [node("Conv", "x w", dilations=[2, 3], pads=[0, 1, 2, 2])],
            {"x": [1, 3, 9, 11]},
            {"w": [8, 3, 3, 3]},
        ),
        [("CONV", 8 * 3 * 7 * 8 * 9, 1)],
        says=["// Conv, pads 0 1 2 2", "Dilation { Y: 2, X: 3 }", "Padding { Y: 0, X: 1 }"],
    )
    expect(
        "padded to the same size",
        model("same.onnx", [node("Conv", "x w", strides=[2, 2], auto_pad="SAME_UPPER")], {"x": [1, 3, 8, 8]}, {"w": [8, 3, 3, 3]}),
        [("CONV", 8 * 3 * 4 * 4 * 9, 1)],
        says=["pads 0 0 1 1"],
    )
    expect(
        "depth-wise",
        model("depth.onnx", [node("Conv", "x w", group=6)], {"x": [1, 6, 9, 9]}, {"w": [12, 1, 3, 3]}),
        [("DSCONV", 12 * 7 * 7 * 9, 1)],
    )
    expect(
        "grouped",
        model("group.onnx", [node("Conv", "x w", group=2)], {"x": [1, 6, 9, 9]}, {"w": [8, 3, 3, 3]}),
        [("NGCONV", 8 * 3 * 7 * 7 * 9, 1)],
    )
    expect(
        "of one dim",
        model("line.onnx", [node("Conv", "x w", strides=[2])], {"x": [1, 6, 20]}, {"w": [8, 6, 4]}),
        [("CONV", 8 * 6 * 9 * 4, 1)],
    )
    expect(
        "transposed",
        model(
            "up.onnx",
            [node("ConvTranspose", "x w", strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1])],
            {"x": [1, 6, 5, 5]},
            {"w": [6, 4, 3, 3]},
        ),
        [("TRCONV", 6 * 4 * 10 * 10 * 9, 1)],
    )
    expect(
        "transposed, grouped",
        model("ups.onnx", [node("ConvTranspose", "x w", group=3, strides=[2, 2])], {"x": [1, 6, 5, 5]}, {"w": [6, 4, 2, 2]}),
        [("NGTRCONV", 3 * 2 * 4 * 10 * 10 * 4, 1)],
        says=["Operator NGTRCONV {"],
    )


def matrices():
    expect(
        "Gemm",
        model("gemm.onnx", [node("Gemm", "x w b", transB=1)], {"x": [5, 7]}, {"w": [9, 7], "b": [9]}),
        [("GEMM", 5 * 7 * 9, 1)],
    )
    expect(
        "Gemm behind a convolution",
        model(
            "fc.onnx",
            [node("Conv", "x w1", "a"), node("Flatten", "a", "f"), node("Gemm", "f w2")],
            {"x": [2, 3, 4, 4]},
            {"w1": [5, 3, 3, 3], "w2": [20, 10]},
        ),
        [("CONV", 2 * 5 * 3 * 4 * 9, 1), ("FC", 2 * 20 * 10, 1)],
        {"n_out": "n_a"},
    )
    expect(
        "MatMul of a batch with weights",
        model("tokens.onnx", [node("MatMul", "x w")], {"x": [3, 5, 7]}, {"w": [7, 9]}),
        [("GEMM", 3 * 5 * 7 * 9, 1)],
        says=["Dimensions { B: 1, M: 15, N: 9, K: 7 }"],
    )
    expect(
        "weights first",
        model("first.onnx", [node("MatMul", "w x")], {"x": [7, 9]}, {"w": [5, 7]}),
        [("GEMM", 5 * 7 * 9, 1)],
        says=["Dimensions { B: 1, M: 9, N: 5, K: 7 }"],
    )
    expect(
        "MatMul of two activations, one for four of the other",
        model("shared.onnx", [node("MatMul", "x y")], {"x": [3, 2, 4, 5, 7], "y": [3, 2, 1, 7, 9]}),
        [("MATMUL", 3 * 2 * 4 * 5 * 7 * 9, 1)],
        says=["Dimensions { B: 6, M: 20, N: 9, K: 7 }"],
    )
    expect(
        "weights that are inputs",
        model("given.onnx", [node("MatMul", "x w")], {"x": [5, 7], "w": [7, 9]}),
        [("GEMM", 5 * 7 * 9, 1)],
        options=["--weight", "w"],
    )
    attention = [
        *(node("MatMul", "x w" + c, c) for c in "qkv"),
        node("Transpose", "k", "kt", perm=[0, 2, 1]),
        node("MatMul", "q kt", "scores"),
        node("Softmax", "scores", "chances", axis=-1),
        node("MatMul", "chances v", "mixed"),
        node("Add", "mixed x"),
    ]
    expect(
        "attention",
        model("attention.onnx", attention, {"x": [2, 5, 8]}, {"w" + c: [8, 8] for c in "qkv"}),
        [("GEMM", 2 * 5 * 8 * 8, 1)] * 3
        + [
            ("MATMUL", 2 * 5 * 5 * 8, 1),
            ("SOFTMAX", 3 * 2 * 5 * 5, 1),
            ("MATMUL", 2 * 5 * 5 * 8, 1),
            ("ADD", 2 * 5 * 8, 1),
        ],
        {
            "n_scores": "{ A: n_q, B: n_k }",
            "n_chances": "n_scores",
            "n_mixed": "{ A: n_chances, B: n_v }",
            "n_out": "{ A: n_mixed }",
        },
        says=["// No work, elements are moved or chosen alone: Transpose 1."],
    )


def attention_whole():
    grouped = helper.make_node("Attention", ["q", "k", "v"], ["a"], name="grouped", q_num_heads=4, kv_num_heads=2)
    expect(
        "attention as one operation, heads that share",
        model(
            "heads.onnx",
            [grouped, node("MatMul", "a w")],
            {"q": [2, 5, 32], "k": [2, 7, 16], "v": [2, 7, 16]},
            {"w": [32, 6]},
            opset=23,
        ),
        [
            ("MATMUL", 2 * 4 * 5 * 7 * 8, 1),
            ("SOFTMAX", 3 * 2 * 4 * 5 * 7, 1),
            ("MATMUL", 2 * 4 * 5 * 7 * 8, 1),
            ("GEMM", 2 * 5 * 32 * 6, 1),
        ],
        {"grouped_2": "grouped", "grouped_3": "{ A: grouped_2 }", "n_out": "grouped_3"},
        says=["Dimensions { B: 4, M: 10, N: 7, K: 8 }"],
    )
    packed = helper.make_node("Attention", ["x", "w", "b"], ["out"], name="packed", num_heads=4, domain="com.microsoft")
    expect(
        "attention with its products",
        model("packed.onnx", [packed], {"x": [2, 5, 32]}, {"w": [32, 96], "b": [96]}),
        [
            ("GEMM", 2 * 5 * 32 * 96, 1),
            ("MATMUL", 2 * 4 * 5 * 5 * 8, 1),
            ("SOFTMAX", 3 * 2 * 4 * 5 * 5, 1),
            ("MATMUL", 2 * 4 * 5 * 5 * 8, 1),
        ],
        {
            "packed_2": "{ A: packed, B: packed }",
            "packed_3": "packed_2",
            "packed_4": "{ A: packed_3, B: packed }",
        },
    )


def reductions():
    """Without axes it is all or nothing."""
    nodes = [
        node("ReduceSum", "x", "a", noop_with_empty_axes=1),
        node("ReduceSum", "a none", "b", noop_with_empty_axes=1),
        node("ReduceMax", "b", "c", noop_with_empty_axes=1),
        node("ReduceL2", "c", "d", noop_with_empty_axes=1),
        node("Add", "d x", "e"),
        node("ReduceSum", "e", "f"),
        node("ReduceSum", "e none", "g", noop_with_empty_axes=0),
        node("ReduceSum", "e two", "out", noop_with_empty_axes=1),
    ]
    path = model(
        "noop.onnx",
        nodes,
        {"x": [2, 4, 8]},
        opset=18,
        outputs=("f", "g", "out"),
        constants={"none": [], "two": [-1]},
    )
    layers = [("ADD", 64, 1)] + [("POOL", 64, 1)] * 3
    froms = {"n_f": "n_e", "n_g": "n_e", "n_out": "n_e"}
    run = expect(
        "reductions of nothing",
        path,
        layers,
        froms,
        says=["not counted: ReduceL2 1.", "// No work, elements are moved or chosen alone: ReduceMax 1, ReduceSum 2."],
    )
    report(re.findall(r"C: (\d+), Y'.* S: (\d+)", run.stdout) == [("1", "64"), ("1", "64"), ("8", "8")], "what is put together", run.stdout)
    expect("reductions of nothing, unfused", path, [("ACT", 64, 1)] + layers, options=["--unfused"])


def others():
    expect(
        "pooling",
        model(
            "pool.onnx",
            [
                node("MaxPool", "x", "a", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
                node("AveragePool", "a", "b", kernel_shape=[2, 2]),
                node("ReduceMean", "b", "c", axes=[1], keepdims=1),
                node("GlobalAveragePool", "b"),
            ],
            {"x": [2, 4, 8, 8]},
        ),
        [("POOL", 2 * 4 * 4 * 4 * 9, 1), ("POOL", 2 * 4 * 9 * 4, 1), ("POOL", 2 * 4 * 9, 1), ("POOL", 2 * 4 * 9, 1)],
        {"n_b": "n_a", "n_c": "n_b", "n_out": "n_b"},
    )
    reductions()
    branches = [
        node("Conv", "x w", "left"),
        node("Conv", "x w", "right"),
        node("Relu", "left", "l"),
        node("Add", "l right", "sum"),
        node("Mul", "sum c", "scaled"),
        node("Concat", "scaled right", "both", axis=1),
        node("Sum", "both both both"),
    ]
    joined = model("joined.onnx", branches, {"x": [1, 3, 4, 4]}, {"w": [5, 3, 1, 1], "c": [1]})
    layers = [("CONV", 5 * 3 * 16, 1)] * 2 + [("ADD", 5 * 16, 1)] + [("ADD", 10 * 16, 1)] * 2
    both = "n_sum, n_right"
    expect(
        "element-wise",
        joined,
        layers,
        {
            "n_sum": "{ A: n_left, B: n_right }",
            "n_out": "{ A: %s, B: %s }" % (both, both),
            "n_out_2": "{ A: n_out, B: %s }" % both,
        },
        says=["not counted: Mul 1, Relu 1."],
    )
    expect(
        "element-wise, unfused",
        joined,
        layers[:2] + [("ACT", 5 * 16, 1), layers[2], ("ACT", 5 * 16, 1)] + layers[3:],
        options=["--unfused"],
    )
    expect(
        "normalization",
        model(
            "norm.onnx",
            [node("LayerNormalization", "x g", "a"), node("LpNormalization", "a", "out")],
            {"x": [2, 5, 8]},
            {"g": [8]},
            opset=17,
        ),
        [("NORM", 3 * 2 * 5 * 8, 1), ("NORM", 2 * 2 * 5 * 8, 1)],
    )
    expect(
        "softmax of old, over all that follows",
        model("old.onnx", [node("Softmax", "x")], {"x": [2, 5, 8]}, opset=11),
        [("SOFTMAX", 3 * 2 * 5 * 8, 1)],
        says=["Dimensions { N: 1, C: 40, Y': 2 }"],
    )
    expect(
        "LSTM of both directions, and a GRU",
        model(
            "lstm.onnx",
            [
                node("LSTM", "x w r", "y", hidden_size=6, direction="bidirectional"),
                node("GRU", "x w2 r2", "out", hidden_size=5),
            ],
            {"x": [7, 2, 4]},
            {"w": [2, 24, 4], "r": [2, 24, 6], "w2": [1, 15, 4], "r2": [1, 15, 5]},
        ),
        [("LSTM", 2 * 4 * 6 * (4 + 6), 14), ("LSTM", 2 * 3 * 5 * (4 + 5), 7)],
    )


# --- what is not there, and what is wrong ---


def unsupported():
    nodes = [node("Conv", "x w", "a"), node("Einsum", "a", "b", equation="nchw->nwhc"), node("Conv", "b w2")]
    path = model("left.onnx", nodes, {"x": [1, 3, 4, 4]}, {"w": [5, 3, 1, 1], "w2": [5, 4, 1, 1]})
    run = expect(
        "what is not supported",
        path,
        [("CONV", 5 * 3 * 16, 1)],
        {},
        says=["// NOT SUPPORTED, left out: Einsum 1 (n_b: there is no layer for it).", "Conv 1 (n_out: "],
    )
    why = "Conv 1 (n_out: the shape of 'b' is not known), Einsum 1 (n_b: there is no layer for it)\n"
    report(
        run.stderr == "dcc-onnx: left.onnx: 2 of 3 operations are not supported and left out: " + why,
        "it is said, with the reason",
        run.stderr,
    )
    run = dcc_onnx("--strict", path)
    report(
        run.returncode == 1 and run.stdout == "" and run.stderr.endswith("operations are not supported: " + why),
        "--strict",
        run.stderr,
    )
    path = model("volume.onnx", [node("Conv", "x w")], {"x": [1, 3, 4, 4, 4]}, {"w": [5, 3, 1, 1, 1]})
    mistake(
        "three spatial dims",
        [path],
        1,
        "no operation makes a layer; not supported: Conv 1 (n_out: it has 3 spatial dims, not one or two)",
    )
    nodes = [node("Det", "x", "a"), node("Conv", "x w", "b"), node("Det", "x", "c"), node("Conv", "b w", "out")]
    path = model("twice.onnx", nodes, {"x": [1, 3, 4, 4]}, {"w": [3, 3, 1, 1]})
    expect(
        "a reason is said once for all that have it",
        path,
        [("CONV", 3 * 3 * 16, 1)] * 2,
        says=["left out: Det 2 (n_a, n_c: there is no layer for it)."],
    )


def refused():
    """What dcc would not take is left out, with the reason, and what is just within its limits is not."""
    most = 2**31 - 1
    beyond = "%s would be %d, not 1 to 2147483647"

    def limits(what, kind, make, last, first, why):
        path = make(last)
        run = dcc_onnx(path, "--strict")
        with open("last.m", "w", encoding="ascii") as file:
            file.write(run.stdout)
        got = macs("last.m")
        report(isinstance(got, list) and got[-1][0] == kind, what + ": the last that dcc takes", "%s\n%s" % (got, run))
        run = dcc_onnx(make(first), "--unfused")
        right = run.returncode == 0 and why in run.stderr and why in run.stdout
        with open("first.m", "w", encoding="ascii") as file:
            file.write(run.stdout)
        got = macs("first.m")
        report(right and got == [("ACT", 1, 1)], what + ": the first that it does not", "%s\n%s" % (got, run))

    def made(op, inputs, shapes, weights=(), opset=13, **attributes):
        nodes = [node("Relu", "one", "small")] if op != "Relu" else []
        return model(
            "limit.onnx", [*nodes, node(op, inputs, **attributes)], {"one": [1], **shapes}, weights, opset
        )

    limits(
        "a padded input",
        "CONV",
        lambda rows: made("Conv", "x w", {"x": [1, 1, rows, 1]}, {"w": [1, 1, 3, 1]}),
        most,
        most + 1,
        "its " + beyond % ("Y", most + 1),
    )
    limits(
        "the window of a transposed convolution",
        "TRCONV",
        lambda rows: made("ConvTranspose", "x w", {"x": [1, 1, rows, 1]}, {"w": [1, 1, 3, 1]}, pads=[1, 0, 1, 0]),
        most - 2,
        most - 1,
        "its " + beyond % ("Y", most + 1),
    )
    limits(
        "MACs",
        "GEMM",
        lambda k: made("MatMul", "x w", {"x": [most, k]}, {"w": [k, most]}),
        2,
        3,
        "its MACs would not fit 63 bits",
    )
    limits(
        "operations of a softmax, three for each element",
        "SOFTMAX",
        lambda n: made("Softmax", "x", {"x": [n, most]}),
        1431655766,
        1431655767,
        "its MACs would not fit 63 bits",
    )
    limits(
        "what goes into a gate",
        "LSTM",
        lambda d: made("LSTM", "x w r", {"x": [1, 1, d]}, {"w": [1, 4, d], "r": [1, 4, 1]}, hidden_size=1),
        most - 1,
        most,
        "its " + beyond % ("E", most + 1),
    )
    limits(
        "padding",
        "POOL",
        lambda pad: made("MaxPool", "x", {"x": [1, 1, 1, 1]}, kernel_shape=[1, 1], strides=[4096, 1], pads=[pad, 0, 0, 0]),
        most - 2048,
        most + 4096,
        "not 1 to 2147483647",
    )
    grouped = helper.make_node("Attention", ["q", "k", "v"], ["out"], name="grouped", q_num_heads=1, kv_num_heads=1)
    shapes = {"one": [1], "q": [1, 2**20, 2**20], "k": [1, 2**20, 2**20], "v": [1, 2**20, 2**24]}
    path = model("limit.onnx", [node("Relu", "one", "small"), grouped], shapes, opset=23)
    run = dcc_onnx(path, "--unfused")
    right = "Attention 1 (grouped: its MACs would not fit 63 bits)" in run.stderr and run.stdout.count("Layer ") == 1
    report(right, "nothing is left of an operation that is left out", run)


def axes():
    """One that the tensor does not have, of each kind of operation that has an axis."""
    for op, rank, attributes in (
        ("Softmax", 4, {"axis": 7}),
        ("LogSoftmax", 4, {"axis": -5}),
        ("Hardmax", 4, {"axis": 4}),
        ("LayerNormalization", 4, {"axis": 4}),
        ("ReduceL2", 4, {"axes": [1, 4]}),
        ("ReduceMax", 4, {"axes": [-5]}),
        ("Concat", 4, {"axis": 4}),
        ("Flatten", 4, {"axis": 5}),
        ("GatherElements", 4, {"axis": -5}),
        ("Split", 4, {"axis": 6}),
        ("ReverseSequence", 4, {"batch_axis": 4, "time_axis": 0}),
    ):
        path = model("axis.onnx", [node("Relu", "x", "a"), node(op, "a a" if op == "Concat" else "a", **attributes)], {"x": [2, 3, 4, 5]}, opset=17)
        (wrong,) = [a for a in re.findall(r"-?\d+", str(attributes)) if not -rank <= int(a) < rank]
        mistake(op, [path, "--unfused", "--strict"], 1, "%s 1 (n_out: its axis is %s, and 'a' has %d dims)" % (op, wrong, rank))
    for op, rank in (("ReduceSum", 4), ("Squeeze", 4), ("Unsqueeze", 5)):
        nodes = [node("Relu", "x", "a"), node(op, "a of")]
        path = model("axis.onnx", nodes, {"x": [2, 3, 4, 5]}, constants={"of": [5]})
        name = "out" if op == "Unsqueeze" else "a"
        mistake(op, [path, "--unfused", "--strict"], 1, "its axis is 5, and '%s' has %d dims" % (name, rank))
    path = model("axis.onnx", [node("ReduceSum", "x of")], {"x": [2, 3, 4, 5]}, constants={"of": [1, -3]})
    mistake("an axis twice", [path], 1, "it has an axis twice")
    nodes = [
        node("Softmax", "x", "a", axis=-4),
        node("Flatten", "a", "b", axis=4),
        node("Unsqueeze", "b last", "c"),
        node("Concat", "c c", "d", axis=-3),
        node("ReduceMax", "d", "out", axes=[0, -1]),
    ]
    path = model("axis.onnx", nodes, {"x": [2, 3, 4, 5]}, constants={"last": [2]})
    expect("axes that a tensor has", path, [("SOFTMAX", 3 * 120, 1), ("POOL", 240, 1)], options=["--strict"])


def mistake(what, arguments, status, message):
    run = dcc_onnx(*arguments)
    right = run.returncode == status and run.stdout == "" and re.fullmatch("dcc-onnx: [^\n]*\n", run.stderr)
    report(bool(right) and message in run.stderr, what, run.stderr)


def mistakes():
    path = model(
        "open.onnx", [node("Conv", "x w")], {"x": ["batch", 3, None, "columns"]}, {"w": [5, 3, 3, 3]}
    )
    mistake("dims that are open", [path], 2, "batch, x[2], columns; give --dim 'batch=...' --dim 'x[2]=...' --dim 'columns=...'")
    given = ["--dim", "batch=2", "--dim", "x[2]=7", "--dim", "columns=9"]
    expect("dims that are given", path, [("CONV", 2 * 5 * 3 * 5 * 7 * 9, 1)], options=given)
    mistake("a dim that is not there", [path, *given, "--dim", "rows=3"], 2, "--dim rows: the model's inputs have no such dim")
    mistake("a dim twice", [path, *given, "--dim", "batch=3"], 2, "--dim batch is given twice")
    mistake("a dim without an extent", [path, "--dim", "batch"], 2, "--dim wants NAME=EXTENT")
    mistake("an extent of 0", [path, "--dim", "batch=0"], 2, "--dim wants NAME=EXTENT, 1 to 2147483647")
    mistake("a weight that is not there", [path, *given, "--weight", "v"], 2, "--weight v: the model has the inputs x")
    mistake("no file", ["nowhere.onnx"], 2, "nowhere.onnx: No such file")
    mistake("no argument", [], 2, "MODEL.onnx")
    mistake("an option that is not there", ["--dims", path], 2, "--dims")
    for name, data in (("text", b"Network { }\n"), ("empty", b""), ("bytes", bytes(range(256)))):
        with open(name + ".onnx", "wb") as file:
            file.write(data)
        mistake("no model: " + name, [name + ".onnx"], 1, name + ".onnx: not an ONNX model")
    with open("half.onnx", "wb") as half, open(path, "rb") as whole:
        half.write(whole.read()[:60])
    mistake("half a model", ["half.onnx"], 1, "half.onnx: not an ONNX model")
    with open("latin.onnx", "wb") as latin, open(path, "rb") as whole:
        latin.write(whole.read().replace(b"Conv", b"C\xf6nv"))
    mistake("a name in Latin-1", ["latin.onnx"], 1, "latin.onnx: not an ONNX model: a name is not UTF-8")
    with open("wrong.onnxtxt", "w", encoding="ascii") as file:
        file.write('<ir_version: 7, opset_import: ["": 13]>\nnone')
    mistake("wrong text", ["wrong.onnxtxt"], 1, "wrong.onnxtxt: not an ONNX model: ")
    for to, why in ((">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")):
        script = '"$0" axis.onnx ' + to
        run = subprocess.run(["sh", "-c", script, BUILD + "/dcc-onnx"], stderr=subprocess.PIPE, text=True, check=False)
        right = run.returncode == 2 and run.stderr == "dcc-onnx: cannot write standard output: %s\n" % why
        report(right, "a network that cannot be written: " + why, run.stderr)


def names():
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["a"], name="/block.0/conv-1/Conv"),
        helper.make_node("Conv", ["a", "w"], ["b"], name="/block.0/conv-1/Conv"),
        helper.make_node("Conv", ["b", "w"], ["c"], name="for"),
        helper.make_node("Conv", ["c", "w"], ["\u00e9\n"], name=""),
        helper.make_node("Conv", ["\u00e9\n", "w"], ["out"], name="-+"),
    ]
    expect(
        "names",
        model("names.onnx", nodes, {"x": [1, 3, 4, 4]}, {"w": [3, 3, 1, 1]}),
        [("CONV", 9 * 16, 1)] * 5,
        {
            "block.0_conv-1_Conv_2": "block.0_conv-1_Conv",
            "for_": "block.0_conv-1_Conv_2",
            "Conv": "for_",
            "L-+": "Conv",
        },
    )
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["a"], name="one"),
        helper.make_node("Conv", ["x", "w"], ["b"], name="a"),
        helper.make_node("Add", ["a", "b"], ["out"], name="b"),
        helper.make_node("Relu", ["b"], ["c"], name="one_more"),
        helper.make_node("Conv", ["c", "w"], ["d"], name="last"),
    ]
    expect(
        "a layer with the name of another's tensor",
        model("alike.onnx", nodes, {"x": [1, 3, 4, 4]}, {"w": [3, 3, 1, 1]}, outputs=("out", "d")),
        [("CONV", 9 * 16, 1)] * 2 + [("ADD", 3 * 16, 1), ("CONV", 9 * 16, 1)],
        {"b": "{ A: one, B: a }", "last": "a"},
    )


# --- others' models ---


def peers():
    """MACs of products alone, from the shapes in the files."""
    alexnet = 54 * 54 * 96 * 3 * 121 + 26 * 26 * 256 * 48 * 25 + 144 * 9 * (384 * 256 + 384 * 192 + 256 * 192)
    fsrcnn = 540 * 960 * (56 * 25 + 12 * 56 + 4 * 12 * 12 * 9 + 56 * 12 + 16 * 56 * 9)
    for path, wanted in (
        ("zigzag/resnet18.onnx", (1.8135, 1.8145)),  # 1.814 G, published
        ("zigzag/mobilenetv2.onnx", (0.3005, 0.3015)),  # 0.301 G, published
        ("zigzag/alexnet.onnx", alexnet + 9216 * 4096 + 4096 * 4096 + 4096 * 1000),
        ("stream/2_conv.onnx", 2 * 56 * 56 * 8 * 8 * 9),
        ("stream/fsrcnn.onnx", fsrcnn),
        ("stream/attention_head.onnx", 3 * 128 * 512 * 64 + 2 * 128 * 128 * 64),
        ("stream/swiglu_64_128_256.onnx", 3 * 64 * 128 * 256),
    ):
        full = os.path.join(SHARED, path)
        if not os.path.exists(full):
            skip(path, "%s is not here" % full)
            continue
        run = dcc_onnx("--strict", full)
        with open("peer.m", "w", encoding="ascii") as file:
            file.write(run.stdout)
        layers = macs("peer.m") if run.returncode == 0 else run.stderr
        work = ("CONV", "DSCONV", "NGCONV", "FC", "GEMM", "MATMUL")
        got = sum(m * count for kind, m, count in layers if kind in work) if isinstance(layers, list) else -1
        right = wanted[0] <= got / 1e9 < wanted[1] if isinstance(wanted, tuple) else got == wanted
        report(right, "%s has its MACs" % path, "%s\n%s" % (got, layers))


def debian():
    """All models of libonnx-testdata: no crash, a mistake in one line, text that dcc formats alike."""
    paths = sorted(glob.glob(DEBIAN + "/*/*/model.onnx"))
    if not paths:
        skip("Debian's models", "no libonnx-testdata")
        return
    wrong, texts = [], []
    PROGRAM.in_child = lambda function, argument: function(argument)  # a thousand processes take time
    for path in paths:
        try:
            run = dcc_onnx(path)
        except Exception as error:  # what this test is for
            wrong.append("%s: %r" % (path, error))
            continue
        name = os.path.basename(os.path.dirname(path))
        if run.returncode == 0:
            texts.append(run.stdout.replace('Network "model"', 'Network "%s"' % name))
        elif run.returncode > 2 or run.stderr.count("\n") != 1 or run.stdout:
            wrong.append("%s: %s" % (path, run.stderr))
    report(not wrong, "%d models of Debian" % len(paths), "\n".join(wrong))
    own = "Operator NGTRCONV"
    texts = [text for text in texts if own not in text]
    with open("all.m", "w", encoding="ascii") as file:
        file.write("".join(texts))
    run = subprocess.run(
        [DCC, "c-p.m", "--model", "all.m", "--hw", "paper256.hw", "--csv", "-"], capture_output=True, text=True, check=False
    )
    report(len(texts) > 400 and run.returncode == 0, "%d of them are networks" % len(texts), run.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for part in (convolutions, matrices, attention_whole, others, unsupported, refused, axes, mistakes, names, peers, debian):
            part()
        process = subprocess.run([BUILD + "/dcc-onnx", "gemm.onnx"], capture_output=True, text=True, check=False)
        report(process.returncode == 0 and process.stdout == dcc_onnx("gemm.onnx").stdout, "as a process", process.stderr)
        os.chdir("/")
    print("1..%d" % number)


if __name__ == "__main__":
    main()
