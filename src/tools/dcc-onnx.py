#!@PYTHON@
"""ONNX models as networks of dcc.

One pass over the nodes in their order.  A handler for each kind of operation makes layers; of every
tensor it is known which layers its elements come from, so that edges lead through what moves data
alone.  Whatever makes no layer is counted, by why it makes none.
"""
import argparse
import collections
import errno
import os
import re
import sys
import warnings

try:
    import onnx
    import onnx.numpy_helper
    import onnx.parser
    import onnx.shape_inference
except ImportError:
    onnx = None

VERSION = "@VERSION@"
EXTENT_MAX = 2**31 - 1  # of a dim, in dcc
MACS_MAX = 2**63 - 1  # of a layer
PASSES = 3  # of SOFTMAX and NORM, where nothing else is said
SMALL = 1024  # elements of a constant that shapes may depend on
SHORT = 80  # columns that dcc --format leaves on a line
STEP_MAX = 4096  # of a stride or dilation

Layer = collections.namedtuple("Layer", "name op type dims steps count edges comments")


class Mistake(Exception):
    """What ends the program, in one line: something about the model."""

    status = 1


class Usage(Mistake):
    """Something about the command line."""

    status = 2


class Unsupported(Exception):
    """Why a node makes no layer."""


def words(text):
    return set(text.split())


# Functions of one tensor: worked out as the layer beside them writes or reads its elements.
UNARY = words(
    """Abs Acos Acosh Asin Asinh Atan Atanh BatchNormalization BiasGelu BitShift Cast CastLike Ceil
    Celu Clip Cos Cosh DequantizeLinear DynamicQuantizeLinear Elu Erf Exp FastGelu Floor Gelu
    HardSigmoid HardSwish IsInf IsNaN LeakyRelu Log Mish Neg Not PRelu QuantizeLinear QuickGelu
    Reciprocal Relu Round Selu Shrink Sigmoid Sign Silu Sin Sinh Softplus Softsign Sqrt Swish Tan
    Tanh ThresholdedRelu"""
)
# Several tensors to one, element by element.
ADDITIONS = words(
    """Add And Equal Greater GreaterOrEqual Less LessOrEqual Max Mean Min Or Sub Sum Where Xor"""
)
PRODUCTS = words("Div Mod Mul Pow")
# The elements are those of the inputs, in other places.
MOVES = words(
    """Concat DepthToSpace Dropout Expand Flatten Gather GatherElements GatherND Identity Pad
    Reshape ReverseSequence Slice SpaceToDepth Split Squeeze Tile Transpose Trilu Unsqueeze"""
)
# Those of reductions that leave an element as it is where no other is put together with it.
LEAVING = words("ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum")
# Known before the network runs, whatever its inputs are.
KNOWN = words("Constant ConstantOfShape EyeLike Shape Size")


def product(values):
    result = 1
    for value in values:
        result *= value
    return result


def plain(text):
    """Text of a file as ASCII on one line."""
    return "".join(c if " " <= c <= "~" else "?" for c in text)


def counted(counter):
    """Conv 20, Gemm 1"""
    return ", ".join("%s %d" % (plain(op), counter[op]) for op in sorted(counter))


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


# --- the graph ---


def extents(type_proto):
    """The dims of a tensor, None where one is not known; None if nothing is."""
    if not type_proto.HasField("tensor_type") or not type_proto.tensor_type.HasField("shape"):
        return None
    dims = type_proto.tensor_type.shape.dim
    return [d.dim_value if d.HasField("dim_value") and d.dim_value >= 0 else None for d in dims]


class Graph:
    """Shapes and constants of a model's tensors."""

    def __init__(self, model):
        graph = model.graph
        self.nodes = graph.node
        self.opset = max([1] + [o.version for o in model.opset_import if o.domain in ("", "ai.onnx")])
        self.values = {tensor.name: tensor for tensor in graph.initializer}
        self.constants = set(self.values)
        self.constants.update(tensor.values.name for tensor in graph.sparse_initializer)
        self.shapes = {}
        for value in [*graph.input, *graph.output, *graph.value_info]:
            self.shapes[value.name] = extents(value.type)
        for tensor in graph.initializer:
            self.shapes[tensor.name] = list(tensor.dims)
        for node in graph.node:
            for attribute in node.attribute:
                if node.op_type == "Constant" and attribute.name == "value":
                    self.values[node.output[0]] = attribute.t
                    self.shapes[node.output[0]] = list(attribute.t.dims)

    def shape(self, name, least=0):
        shape = self.shapes.get(name)
        if shape is None or None in shape:
            raise Unsupported("the shape of '%s' is not known" % plain(name))
        if 0 in shape:
            raise Unsupported("'%s' has no elements" % plain(name))
        if len(shape) < least:
            raise Unsupported("'%s' has %d dims" % (plain(name), len(shape)))
        return shape

    def integers(self, name):
        """The values of a constant, or None."""
        tensor = self.values.get(name)
        if tensor is None or product(tensor.dims) > 64 or tensor.external_data:
            return None
        return [int(v) for v in onnx.numpy_helper.to_array(tensor).flatten()]


# --- layers ---


def derived(kind, dims, steps):
    """What dcc works out of a layer's dims: rows and columns of its padded input, what goes into a gate."""
    if kind == "LSTM":
        return {"E": dims["D"] + dims["H"]}
    upscaled = kind in ("TRCONV", "NGTRCONV")
    found = {}
    for name, window in (("Y", "R"), ("X", "S")):
        if window in dims:
            stride = 1 if upscaled else steps.get("Stride", {}).get(name, 1)
            covered = (dims[window] - 1) * steps.get("Dilation", {}).get(name, 1) + 1
            found[name] = (dims[name + "'"] - 1) * stride + covered
    return found


def operations(kind, dims, more):
    if kind == "LSTM":
        return dims["N"] * dims["G"] * dims["H"] * more["E"]
    passes = PASSES if kind in ("SOFTMAX", "NORM") and "P" not in dims else 1
    return product(dims.values()) * passes


def check_layer(kind, dims, steps, count):
    """Leaves out what dcc would refuse: a file with it would serve for none of its layers."""
    more = derived(kind, dims, steps)
    for what, value in [*dims.items(), *more.items(), ("count", count)]:
        if not 1 <= value <= EXTENT_MAX:
            raise Unsupported("its %s would be %d, not 1 to %d" % (what, value, EXTENT_MAX))
    for name, value in steps.get("Padding", {}).items():
        if value > EXTENT_MAX:
            raise Unsupported("its padding of %s would be %d, beyond %d" % (name, value, EXTENT_MAX))
    if operations(kind, dims, more) > MACS_MAX:
        raise Unsupported("its MACs would not fit 63 bits")


class Made(str):
    """The name of a layer; a tensor of the model may have the same one."""


class Writer:
    """Layers as they are made, and what is said of the nodes that make none."""

    def __init__(self, graph, unfused):
        self.graph = graph
        self.unfused = unfused
        self.layers = []
        self.names = set()
        self.sources = {}  # tensor -> names of the layers that its elements come from
        self.made = collections.Counter()  # by operation
        self.fused = collections.Counter()
        self.moved = collections.Counter()
        self.known = collections.Counter()
        self.unsupported = []  # (operation, name, why)
        self.has_convolutions = any("Conv" in node.op_type for node in graph.nodes)

    def name(self, node):
        wanted = node.name or "".join(node.output[:1]) or node.op_type
        base = re.sub(r"[^A-Za-z0-9_.+-]+", "_", wanted).strip("_")
        base = base or re.sub("[^A-Za-z0-9]+", "_", node.op_type)
        if not re.match(r"[A-Za-z0-9_]", base):
            base = "L" + base
        if base == "for":  # a word of the language
            base = "for_"
        name, number = base, 1
        while name in self.names:
            number += 1
            name = "%s_%d" % (base, number)
        self.names.add(name)
        return name

    def add(self, node, kind, dims, inputs, steps=(), count=1, comments=()):
        """Makes a layer.  inputs: pairs of a tensor of the operator, None where it has but one, and
        one of the model or a layer just made."""
        check_layer(kind, dims, dict(steps), count)
        edges = [(tensor, self.sources_of(value)) for tensor, value in inputs]
        name = Made(self.name(node))
        layer = Layer(name, node.op_type, kind, dims, steps, count, edges, comments)
        self.layers.append(layer)
        return name

    def sources_of(self, value):
        return [value] if isinstance(value, Made) else self.sources.get(value, [])

    def pass_on(self, node):
        """The outputs' elements come from where the inputs' do."""
        sources = []
        for value in node.input:
            sources += [s for s in self.sources.get(value, []) if s not in sources]
        self.come_from(node, sources)

    def come_from(self, node, sources):
        self.sources.update((output, sources) for output in node.output if output)


def two(values, usual):
    """Of one or two spatial dims, what is for rows and for columns."""
    if len(values) == 1:
        return usual, values[0]
    if len(values) == 2:
        return values[0], values[1]
    raise Unsupported("it has %d spatial dims, not one or two" % len(values))


def same_pads(spatial, window, strides, dilations, lower):
    before, after = [], []
    for size, taps, stride, dilation in zip(spatial, window, strides, dilations):
        covered = (taps - 1) * dilation + 1
        pad = max((-(-size // stride) - 1) * stride + covered - size, 0)
        before.append(pad - pad // 2 if lower else pad // 2)
        after.append(pad - before[-1])
    return before + after


def window_of(node, attrs, image, window, out):
    """The extents, the Stride, Dilation and Padding, and a comment where sides are padded unlike."""
    spatial = image[2:]
    n = len(spatial)
    (r, s), (rows, columns) = two(window, 1), two(out[2:], 1)
    strides = list(attrs.get("strides", [1] * n))
    dilations = list(attrs.get("dilations", [1] * n))
    pads = list(attrs.get("pads", [0] * 2 * n))
    auto = attrs.get("auto_pad", b"NOTSET")
    if auto in (b"SAME_UPPER", b"SAME_LOWER") and node.op_type != "ConvTranspose":
        pads = same_pads(spatial, window, strides, dilations, auto == b"SAME_LOWER")
    if len(strides) != n or len(dilations) != n or len(pads) != 2 * n:
        raise Unsupported("its strides, dilations or pads do not fit its image")
    steps = []
    for key, values, usual in (("Stride", strides, 1), ("Dilation", dilations, 1), ("Padding", pads[:n], 0)):
        y, x = two(values, usual)
        if key != "Padding" and not (1 <= y <= STEP_MAX and 1 <= x <= STEP_MAX):
            raise Unsupported("its %s is not 1 to %d" % (key, STEP_MAX))
        if (y, x) != (usual, usual):
            steps.append((key, {"Y": max(y, 0), "X": max(x, 0)}))
    comments = ["pads " + " ".join(map(str, pads))] if pads[:n] != pads[n:] else []
    return {"Y'": rows, "X'": columns, "R": r, "S": s}, steps, comments


def convolution(w, node, attrs, weight):
    image = node.input[0]
    x, k, y = w.graph.shape(image, 3), w.graph.shape(weight, 3), w.graph.shape(node.output[0], 3)
    groups = attrs.get("group", 1)
    if groups < 1 or x[1] % groups != 0 or y[1] % groups != 0:
        raise Unsupported("its channels do not divide into %d groups" % groups)
    window = list(attrs.get("kernel_shape", k[2:]))
    extent, steps, comments = window_of(node, attrs, x, window, y)
    transposed = node.op_type == "ConvTranspose"
    if groups == 1:
        kind, dims = "TRCONV" if transposed else "CONV", {"N": y[0], "K": y[1], "C": x[1]}
    elif groups == x[1] and not transposed:
        kind, dims = "DSCONV", {"N": y[0], "C": groups, "K": y[1] // groups}
    else:
        kind = "NGTRCONV" if transposed else "NGCONV"
        dims = {"N": y[0], "G": groups, "K": y[1] // groups, "C": x[1] // groups}
    return [w.add(node, kind, {**dims, **extent}, [(None, image)], steps, comments=comments)]


def conv(w, node, attrs):
    return convolution(w, node, attrs, node.input[1])


def conv_quantized(w, node, attrs):
    return convolution(w, node, attrs, node.input[3])


def pool(w, node, attrs):
    x, y = w.graph.shape(node.input[0], 3), w.graph.shape(node.output[0], 3)
    extent, steps, comments = window_of(node, attrs, x, list(attrs.get("kernel_shape", x[2:])), y)
    dims = {"N": y[0], "C": y[1], **extent}
    return [w.add(node, "POOL", dims, [(None, node.input[0])], steps, comments=comments)]


def axis_of(value, rank, name):
    """An axis of a tensor as 0 .. rank - 1; ONNX counts from the end, too, but not round and round."""
    if not -rank <= value < rank:
        raise Unsupported("its axis is %d, and '%s' has %d dims" % (value, plain(name), rank))
    return value % rank


def reduced_axes(w, node, attrs):
    """Without axes it is all of them, unless the node says that it is none."""
    x = w.graph.shape(node.input[0])
    axes = attrs.get("axes")
    if axes is None and len(node.input) > 1 and node.input[1]:
        axes = w.graph.integers(node.input[1])
        if axes is None:
            raise Unsupported("its axes are not known")
    if not axes:
        axes = [] if attrs.get("noop_with_empty_axes", 0) else range(len(x))
    found = sorted(axis_of(a, len(x), node.input[0]) for a in axes)
    if len(set(found)) < len(found):
        raise Unsupported("it has an axis twice")
    return found


def reduction(w, node, attrs):
    """A pooling whose window is all that is put together."""
    x, axes = w.graph.shape(node.input[0]), reduced_axes(w, node, attrs)
    if len(x) == 4 and axes == [2, 3]:
        dims = {"N": x[0], "C": x[1], "Y'": 1, "X'": 1, "R": x[2], "S": x[3]}
    else:
        window = product(x[a] for a in axes)
        dims = {"N": 1, "C": product(x) // window, "Y'": 1, "X'": 1, "R": 1, "S": window}
    return [w.add(node, "POOL", dims, [(None, node.input[0])])]


def matrices(w, node, batch, m, n, k, a, b):
    """A GEMM, with b the weights; a product of two activations; an FC, where it is a layer of vectors
    beside convolutions, so that dataflows for those serve."""
    dims = {"B": batch, "M": m, "N": n, "K": k}
    if b not in w.graph.constants:
        return [w.add(node, "MATMUL", dims, [("A", a), ("B", b)])]
    if w.has_convolutions and len(w.graph.shape(a)) <= 2:
        return [w.add(node, "FC", {"N": m, "K": n, "C": k}, [(None, a)])]
    return [w.add(node, "GEMM", dims, [(None, a)])]


def gemm(w, node, attrs):
    a, c = w.graph.shape(node.input[0], 2), w.graph.shape(node.output[0], 2)
    k = a[0] if attrs.get("transA", 0) else a[1]
    if node.input[0] in w.graph.constants:  # the transposed product has the weights second
        return matrices(w, node, 1, c[1], c[0], k, node.input[1], node.input[0])
    return matrices(w, node, 1, c[0], c[1], k, node.input[0], node.input[1])


def multiplication(w, node, left, right):
    a, b = w.graph.shape(left, 1), w.graph.shape(right, 1)
    a = [1] + a if len(a) == 1 else a
    b = b + [1] if len(b) == 1 else b
    if a[-1] != b[-2]:
        raise Unsupported("its matrices do not fit: %d columns, %d rows" % (a[-1], b[-2]))
    # A dim of the batch that one operand alone has widens that one's matrix.
    rank = max(len(a), len(b))
    batch, m, n = 1, a[-2], b[-1]
    for of_a, of_b in zip([1] * (rank - len(a)) + a[:-2], [1] * (rank - len(b)) + b[:-2]):
        if of_a > 1 and of_b > 1:
            batch *= of_a
        else:
            m, n = m * of_a, n * of_b
    if left in w.graph.constants:  # the transposed product has the weights second
        return matrices(w, node, batch, n, m, a[-1], right, left)
    return matrices(w, node, batch, m, n, a[-1], left, right)


def matmul(w, node, attrs):
    return multiplication(w, node, node.input[0], node.input[1])


def matmul_quantized(w, node, attrs):
    return multiplication(w, node, node.input[0], node.input[3])


def elements(shape):
    """N C Y' X' of a tensor; a matrix has its columns as C and its rows as Y'."""
    if len(shape) == 4:
        return dict(zip(("N", "C", "Y'", "X'"), shape))
    if len(shape) < 2:
        return {"C": product(shape)}
    return {"N": product(shape[:-2]), "C": shape[-1], "Y'": shape[-2]}


def lines(shape, axis):
    """The elements from an axis on as C, the others as N and Y'."""
    n = product(shape[: max(axis - 1, 0)])
    return {"N": n, "C": product(shape[axis:]), "Y'": product(shape[:axis]) // n}


def activations(w, node):
    return [value for value in node.input if value and value not in w.graph.constants]


def join(w, node, kind):
    """A layer for each operand but the first."""
    dims = elements(w.graph.shape(node.output[0]))
    first, *others = activations(w, node)
    for other in others:
        first = w.add(node, kind, dims, [("A", first), ("B", other)])
    return [first]


def act(w, node, attrs):
    dims = elements(w.graph.shape(node.output[0]))
    return [w.add(node, "ACT", dims, [(None, value) for value in activations(w, node)[:1]])]


def softmax(w, node, attrs):
    x = w.graph.shape(node.input[0], 1)
    axis = axis_of(attrs.get("axis", -1 if w.graph.opset >= 13 else 1), len(x), node.input[0])
    if w.graph.opset < 13 or axis == len(x) - 1:
        dims = lines(x, axis)
    elif axis == 1 and len(x) == 4:
        dims = elements(x)
    else:
        dims = {"C": x[axis], "Y'": product(x) // x[axis]}
    return [w.add(node, "SOFTMAX", dims, [(None, node.input[0])])]


def norm(w, node, attrs):
    x, passes = w.graph.shape(node.input[0], 1), {}
    dims = elements(x)
    if node.op_type.endswith("LayerNormalization") or node.op_type == "RMSNormalization":
        dims = lines(x, axis_of(attrs.get("axis", -1), len(x), node.input[0]))
    if node.op_type in ("RMSNormalization", "SimplifiedLayerNormalization", "LpNormalization"):
        passes = {"P": 2}
    elif node.op_type == "LRN":  # the squares of its neighbours, and the scaling
        passes = {"P": attrs["size"] + 1}
    return [w.add(node, "NORM", {**dims, **passes}, [(None, node.input[0])])]


def recurrent(w, node, attrs):
    """A layer is one step; the count has the steps, and both directions."""
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[node.op_type]
    x, weights = w.graph.shape(node.input[0], 3), w.graph.shape(node.input[1], 3)
    batch, steps = (x[0], x[1]) if attrs.get("layout", 0) else (x[1], x[0])
    cells = attrs.get("hidden_size", weights[1] // gates)
    dims = {"N": batch, "G": gates, "H": cells, "D": x[2]}
    return [w.add(node, "LSTM", dims, [(None, node.input[0])], count=steps * weights[0])]


def heads_of(w, node, attrs):
    """The batch, heads, rows and width of an attention's queries; heads, rows of its keys; width of
    its values."""
    if node.domain == "com.microsoft" and node.op_type == "Attention":  # one product for all three
        (batch, rows, _), weights = w.graph.shape(node.input[0], 3), w.graph.shape(node.input[1], 2)
        heads = attrs["num_heads"]
        width = weights[1] // 3 // heads
        return batch, heads, rows, width, heads, rows, width
    q, k, v = (w.graph.shape(name, 3) for name in node.input[:3])
    if len(q) == 4:
        batch, heads, rows, width, kept, keys, values = *q, *k[1:3], v[3]
    else:
        heads = attrs["q_num_heads" if "q_num_heads" in attrs else "num_heads"]
        kept = attrs.get("kv_num_heads", heads)
        batch, rows, width, keys, values = q[0], q[1], q[2] // heads, k[1], v[2] // kept
    past = {"Attention": 4, "GroupQueryAttention": 3, "MultiHeadAttention": 6}[node.op_type]
    if len(node.input) > past and node.input[past]:
        keys += w.graph.shape(node.input[past], 4)[2]
    if heads % kept != 0:
        raise Unsupported("its %d heads do not share %d" % (heads, kept))
    return batch, heads, rows, width, kept, keys, values


def attention(w, node, attrs):
    batch, heads, rows, width, kept, keys, values = heads_of(w, node, attrs)
    q, k, v = node.input[0], node.input[1], node.input[2]
    if node.domain == "com.microsoft" and node.op_type == "Attention":
        x, weights = w.graph.shape(q), w.graph.shape(k)
        dims = {"B": 1, "M": batch * rows, "N": weights[1], "K": x[2]}
        q = k = v = w.add(node, "GEMM", dims, [(None, q)], comments=["queries, keys, values"])
    group = {"B": batch * kept, "M": heads // kept * rows}
    scores = w.add(node, "MATMUL", {**group, "N": keys, "K": width}, [("A", q), ("B", k)], comments=["scores"])
    dims = {"N": batch * heads, "C": keys, "Y'": rows}
    chances = w.add(node, "SOFTMAX", dims, [(None, scores)])
    return [w.add(node, "MATMUL", {**group, "N": values, "K": keys}, [("A", chances), ("B", v)])]


HANDLERS = {
    **dict.fromkeys(["Attention", "GroupQueryAttention", "MultiHeadAttention"], attention),
    **dict.fromkeys(["Conv", "ConvInteger", "ConvTranspose"], conv),
    "QLinearConv": conv_quantized,
    **dict.fromkeys(["MatMul", "MatMulInteger"], matmul),
    "QLinearMatMul": matmul_quantized,
    "Gemm": gemm,
    **dict.fromkeys(words("AveragePool GlobalAveragePool GlobalLpPool GlobalMaxPool LpPool MaxPool"), pool),
    **dict.fromkeys(
        words(
            """ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd
            ReduceSum ReduceSumSquare"""
        ),
        reduction,
    ),
    **dict.fromkeys(["Hardmax", "LogSoftmax", "Softmax"], softmax),
    **dict.fromkeys(
        words(
            """GroupNormalization InstanceNormalization LRN LayerNormalization LpNormalization
            MeanVarianceNormalization RMSNormalization SimplifiedLayerNormalization"""
        ),
        norm,
    ),
    **dict.fromkeys(["GRU", "LSTM", "RNN"], recurrent),
}


def is_joined(w, node):
    return node.op_type in ADDITIONS | PRODUCTS and len(activations(w, node)) > 1


def check_moved(w, node, attrs):
    """No layer depends on an axis along which elements are moved, but a wrong one is as wrong there."""
    name = node.input[0]
    if w.graph.shapes.get(name) is None:
        return
    rank = len(w.graph.shapes[name])
    axes = [attrs[key] for key in ("axis", "batch_axis", "time_axis") if key in attrs]
    if node.op_type in ("Squeeze", "Unsqueeze"):  # an input in later versions
        axes = attrs.get("axes") or w.graph.integers("".join(node.input[1:2])) or []
    if node.op_type == "Unsqueeze":
        name, rank = node.output[0], rank + len(axes)
    for axis in axes:
        if not (node.op_type == "Flatten" and axis == rank):  # no dim is behind that one
            axis_of(axis, rank, name)


def acts_as(w, node, attrs):
    """The operation that a node comes to: a reduction of nothing is a function of one tensor, and a
    resizing that repeats elements or leaves some out moves them."""
    op = node.op_type
    if HANDLERS.get(op) is reduction and not reduced_axes(w, node, attrs):
        return "Identity" if op in LEAVING else "Abs"
    if op in ("Resize", "Upsample") and attrs.get("mode", b"nearest") == b"nearest":
        return "Identity"
    return op


def make_layers(w, node, attrs, op):
    """Names of the layers that a node's outputs come from; None if it makes none."""
    if is_joined(w, node):
        return join(w, node, "ADD" if op in ADDITIONS else "MUL")
    handler = HANDLERS.get(op)
    if w.unfused and op in UNARY | ADDITIONS | PRODUCTS:
        handler = act
    return handler(w, node, attrs) if handler is not None else None


def leave_out(w, node, why, layers):
    """Without the layers that it had made before that, from the one of a number on."""
    for layer in w.layers[layers:]:
        w.names.remove(layer.name)
    del w.layers[layers:]
    w.unsupported.append((node.op_type, node.name or "".join(node.output[:1]), why))
    w.pass_on(node)


def take(w, node):
    """Makes the layers of a node, or counts it where it belongs."""
    op = node.op_type
    if op in KNOWN or not activations(w, node):
        w.known[op] += 1
        w.graph.constants.update(node.output)
        return
    layers = len(w.layers)
    try:
        attrs = attributes(node)
        acts = acts_as(w, node, attrs)
        names = make_layers(w, node, attrs, acts)
        if acts in MOVES:
            check_moved(w, node, attrs)
    except Unsupported as reason:
        leave_out(w, node, str(reason), layers)
        return
    except (KeyError, IndexError, TypeError, ValueError, ZeroDivisionError):
        leave_out(w, node, "an attribute or an input is missing or wrong", layers)
        return
    if names is not None:
        w.made[op] += 1
        w.come_from(node, names)
    elif acts in MOVES:
        w.moved[op] += 1
        w.pass_on(node)
    elif acts in UNARY | ADDITIONS | PRODUCTS:
        w.fused[op] += 1
        w.pass_on(node)
    else:
        leave_out(w, node, "there is no layer for it", layers)


# --- the text ---

NGTRCONV = """Operator NGTRCONV {
  Order: [N, G, K, C, Y', X', R, S]
  Upscaled Y[Y'][R];
  Upscaled X[X'][S];
  Weight W[G][K][C][R][S];
  Input I[N][G][C][Y][X];
  Output O[N][G][K][Y'][X'];
  Default { N: 1 }
}
"""


def block(key, pairs):
    """Lines of a block, as dcc --format writes them."""
    line = "%s { %s }" % (key, ", ".join("%s: %s" % pair for pair in pairs))
    if len(line) + 4 <= SHORT:
        return [line]
    return [key + " {", *("  %s: %s" % pair for pair in pairs), "}"]


def layer_text(layer):
    text = ["Type: %s" % layer.type]
    for key, steps in layer.steps:
        text += block(key, steps.items())
    edges = [(tensor, ", ".join(names)) for tensor, names in layer.edges if names]
    if edges and edges[0][0] is None:
        text.append("From: " + edges[0][1])
    elif edges:
        text += block("From", edges)
    text += block("Dimensions", layer.dims.items())
    if layer.count != 1:
        text.append("Count: %d" % layer.count)
    comment = ", ".join([plain(layer.op), *layer.comments])
    return "".join(
        ["  Layer %s {  // %s\n" % (layer.name, comment), *("    %s\n" % line for line in text), "  }\n"]
    )


def unsupported_text(w):
    """Add 3 (a, b: why; c: why), one for each kind of operation that was left out."""
    by_op = collections.defaultdict(lambda: collections.defaultdict(list))
    for op, name, why in w.unsupported:
        by_op[op][why].append(plain(name))
    texts = []
    for op, by_why in sorted(by_op.items()):
        reasons = "; ".join("%s: %s" % (", ".join(names), why) for why, names in by_why.items())
        texts.append("%s %d (%s)" % (plain(op), sum(map(len, by_why.values())), reasons))
    return texts


def model_text(w, model, path, dims):
    name = plain(os.path.basename(path))
    opsets = ", ".join("%s %d" % (o.domain or "ai.onnx", o.version) for o in model.opset_import)
    text = ["// From %s by dcc-onnx %s: operations of %s." % (name, VERSION, plain(opsets))]
    if dims:
        text.append("// Set: %s." % plain(", ".join("%s %d" % pair for pair in dims.items())))
    for what, counter in (
        ("Made layers", w.made),
        ("Part of the layers beside them, and not counted", w.fused),
        ("No work, elements are moved or chosen alone", w.moved),
        ("Known before the network runs", w.known),
    ):
        if counter:
            text.append("// %s: %s." % (what, counted(counter)))
    for line in unsupported_text(w):
        text.append("// NOT SUPPORTED, left out: %s." % line)
    if len(w.layers) > 1 and not any(names for layer in w.layers for _, names in layer.edges):
        text.append("// All layers read the network's inputs: without edges dcc takes them as a chain.")
    text.append("")
    if any(layer.type == "NGTRCONV" for layer in w.layers):
        text += ["// Transposed convolution in groups.", NGTRCONV]
    title = os.path.splitext(name)[0].replace('"', "'")
    text.append('Network "%s" {' % (title or "network"))
    return "\n".join(text) + "\n" + "".join(map(layer_text, w.layers)) + "}\n"


# --- reading ---


def names_of(model):
    """All that is used of them: protobuf gives bytes where text is no UTF-8."""
    graph = model.graph
    yield from (opset.domain for opset in model.opset_import)
    for node in graph.node:
        yield from (node.op_type, node.name, node.domain, *node.input, *node.output)
        yield from (attribute.name for attribute in node.attribute)
    for value in (*graph.input, *graph.output, *graph.value_info):
        yield value.name
        yield from (dim.dim_param for dim in value.type.tensor_type.shape.dim)
    yield from (tensor.name for tensor in graph.initializer)
    yield from (tensor.values.name for tensor in graph.sparse_initializer)


def load(path):
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise Usage("%s: %s" % (path, error.strerror)) from None
    warnings.simplefilter("error", RuntimeWarning)  # protobuf's of data that it left out
    try:
        if path.endswith(".onnxtxt"):
            return onnx.parser.parse_model(data.decode())
        model = onnx.load_model_from_string(data)
    except Exception as error:  # protobuf's and the parser's own kinds
        detail = str(error).strip().splitlines() if path.endswith(".onnxtxt") else []
        raise Mistake("%s: not an ONNX model%s" % (path, ": " + detail[0] if detail else "")) from None
    if any(isinstance(name, bytes) for name in names_of(model)):
        raise Mistake("%s: not an ONNX model: a name is not UTF-8" % path)
    if not model.graph.node:
        raise Mistake("%s: not an ONNX model, or one without operations" % path)
    return model


def parse_dims(texts):
    dims = {}
    for text in texts:
        name, _, value = text.rpartition("=")
        if not name or not re.fullmatch("[0-9]+", value) or not 1 <= int(value) <= EXTENT_MAX:
            raise Usage("--dim wants NAME=EXTENT, 1 to %d, not '%s'" % (EXTENT_MAX, text))
        if name in dims:
            raise Usage("--dim %s is given twice" % name)
        dims[name] = int(value)
    return dims


def set_dims(model, dims):
    """Sets dims of the inputs, each by its name or as INPUT[AXIS]; what has none is a mistake."""
    constants = {tensor.name for tensor in model.graph.initializer}
    unset, names = [], set()
    for value in model.graph.input:
        if value.name in constants:
            continue
        for axis, dim in enumerate(value.type.tensor_type.shape.dim):
            place = "%s[%d]" % (value.name, axis)
            key = dim.dim_param or place
            names |= {place, key}
            if place in dims or key in dims:
                dim.dim_value = dims.get(place, dims.get(key))
            elif (not dim.HasField("dim_value") or dim.dim_value < 0) and key not in unset:
                unset.append(key)
    for value in [*model.graph.output, *model.graph.value_info]:
        for dim in value.type.tensor_type.shape.dim:
            if dim.dim_param in dims:
                dim.dim_value = dims[dim.dim_param]
    unknown = [name for name in dims if name not in names]
    if unknown:
        raise Usage(
            "--dim %s: the model's inputs have no such dim; they have %s"
            % (unknown[0], ", ".join(sorted(names)) or "none")
        )
    if unset:
        options = " ".join("--dim '%s=...'" % name for name in unset)
        raise Usage("the inputs have dims without an extent: %s; give %s" % (", ".join(unset), options))


def check_weights(model, weights):
    inputs = [value.name for value in model.graph.input]
    for name in weights:
        if name not in inputs:
            raise Usage("--weight %s: the model has the inputs %s" % (name, ", ".join(inputs)))


KEEPING = UNARY | words("RMSNormalization SimplifiedLayerNormalization")


def helped_shape(graph, node):
    """The shape of an output that inference left open, or None."""
    first = graph.shapes.get(node.input[0]) if node.input else None
    if not first or None in first or graph.shapes.get("".join(node.output[:1])) is not None:
        return None
    if node.op_type in KEEPING:
        return first
    if HANDLERS.get(node.op_type) is not attention:
        return None
    try:
        attrs = attributes(node)
        _, heads, _, _, _, _, values = heads_of(Writer(graph, False), node, attrs)
    except (Unsupported, KeyError, IndexError, TypeError, ValueError, ZeroDivisionError):
        return None
    return first[:-1] + [values if len(first) == 4 else heads * values]


def drop_weights(model):
    """No weight is read, and inference would copy them all."""
    for tensor in model.graph.initializer:
        if product(tensor.dims) > SMALL:
            for field in ("raw_data", "float_data", "int32_data", "int64_data", "double_data", "uint64_data"):
                tensor.ClearField(field)


def infer_once(model):
    """"+" and the model with the shapes that the package infers, or "-" and why it does not."""
    try:
        return b"+" + onnx.shape_inference.infer_shapes(model, data_prop=True).SerializeToString()
    except Exception as error:  # of many kinds
        return b"-" + (str(error).strip() or type(error).__name__).encode()


def in_child(function, model):
    """What a function gives, nothing if it crashes: the package may, on broken models."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(writer, "wb") as file:
            file.write(function(model))
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        data = file.read()
    os.waitpid(child, 0)
    return data


def inferred(model):
    data = in_child(infer_once, model)
    if not data.startswith(b"+"):
        why = plain(data[1:].decode("utf-8", "replace").splitlines()[0]) if data else "Python's onnx crashes on it"
        raise Mistake("its shapes cannot be worked out: " + why)
    return onnx.load_model_from_string(data[1:])


def infer(model):
    """Shapes of all tensors.  Inference stops at operations that it does not know: they are helped,
    one by one, as the shapes before them become known.  It gives up where a domain has no version."""
    domains = {opset.domain for opset in model.opset_import}
    for domain in sorted({node.domain for node in model.graph.node} - domains - {"", "ai.onnx"}):
        model.opset_import.append(onnx.helper.make_opsetid(domain, 1))
    while True:
        model = inferred(model)
        graph = Graph(model)
        for node in model.graph.node:
            shape = helped_shape(graph, node)
            if shape is not None:
                info = onnx.helper.make_tensor_value_info(node.output[0], onnx.TensorProto.FLOAT, shape)
                model.graph.value_info.append(info)
                break
        else:
            return model


# --- the command line ---


def write(text):
    """To standard output, which is there no more if it was closed."""
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        drop_output()
        raise Usage("cannot write standard output: %s" % error.strerror) from None


def drop_output():
    """What could not be written would be tried again at the end."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Usage(message)

    def parse_args(self, argv):
        """An option that there is not comes before what is missing."""
        for word in argv[: argv.index("--") if "--" in argv else None]:
            if word.startswith("--") and word.split("=")[0] not in self._option_string_actions:
                raise Usage("unrecognized arguments: %s" % word)
        return super().parse_args(argv)

    def _print_message(self, message, file=None):
        """Of --help and --version alone: mistakes are raised."""
        write(message)


def arguments(argv):
    parser = Parser(
        prog="dcc-onnx",
        description="Writes an ONNX model as a network of dcc to standard output.",
        allow_abbrev=False,
    )
    parser.add_argument("model", metavar="MODEL.onnx", help="the model, or its text form, .onnxtxt")
    parser.add_argument(
        "--dim",
        metavar="NAME=EXTENT",
        action="append",
        default=[],
        help="a symbolic dim of the inputs, or one by its place, INPUT[AXIS]",
    )
    parser.add_argument(
        "--weight",
        metavar="INPUT",
        action="append",
        default=[],
        help="an input of the model that holds weights",
    )
    parser.add_argument("--unfused", action="store_true", help="a layer for functions of one tensor, too")
    parser.add_argument("--strict", action="store_true", help="what is not supported is an error")
    parser.add_argument("--version", action="version", version="dcc-onnx " + VERSION)
    return parser.parse_args(argv)


def run(argv):
    options = arguments(argv)
    if onnx is None:
        raise Usage("Python's package onnx is wanted; on Debian it is python3-onnx")
    dims = parse_dims(options.dim)
    model = load(options.model)
    try:
        check_weights(model, options.weight)
        set_dims(model, dims)
        drop_weights(model)
        model = infer(model)
    except Mistake as mistake:
        raise type(mistake)("%s: %s" % (options.model, mistake)) from None
    graph = Graph(model)
    graph.constants.update(options.weight)
    w = Writer(graph, options.unfused)
    for node in model.graph.node:
        take(w, node)
    report(w, options)
    write(model_text(w, model, options.model, dims))


def report(w, options):
    left_out = "%d of %d operations are not supported" % (len(w.unsupported), len(w.graph.nodes))
    named = ", ".join(unsupported_text(w))
    if not w.layers:
        raise Mistake("%s: no operation makes a layer%s" % (options.model, named and "; not supported: " + named))
    if w.unsupported and options.strict:
        raise Mistake("%s: %s: %s" % (options.model, left_out, named))
    if w.unsupported:
        print("dcc-onnx: %s: %s and left out: %s" % (options.model, left_out, named), file=sys.stderr)


def main():
    try:
        run(sys.argv[1:])
    except Mistake as mistake:
        print("dcc-onnx: %s" % mistake, file=sys.stderr)
        return mistake.status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        drop_output()
        return 1
    except OSError as error:
        print("dcc-onnx: %s" % error.strerror, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
