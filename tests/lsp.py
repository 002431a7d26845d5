#!/usr/bin/env python3
"""A client of dcc-lsp: lsp.py DCC-LSP DCC FOLDER SECONDS SEED

Prints a line of TAP for each test.  SECONDS is how long edits are made at random."""
import json
import os
import random
import select
import subprocess
import sys
import time

LIMIT = 60  # seconds that an answer may take
server, dcc, folder, seconds, seed = sys.argv[1:]
root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Client:
    """A server and what it has said."""

    def __init__(self, *options):
        self.process = subprocess.Popen([server, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
        self.number = 0
        self.bytes = b""
        self.said = []  # notifications that nobody has looked at

    def raw(self, data):
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # the server has ended: the next read says so

    def send(self, message):
        body = json.dumps(message).encode()
        self.raw(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def fill(self):
        ready, _, _ = select.select([self.process.stdout], [], [], LIMIT)
        assert ready, "no answer"
        some = os.read(self.process.stdout.fileno(), 1 << 16)
        assert some, "the server has ended"
        self.bytes += some

    def read(self):
        while b"\r\n\r\n" not in self.bytes:
            self.fill()
        header, self.bytes = self.bytes.split(b"\r\n\r\n", 1)
        assert header.startswith(b"Content-Length: "), header
        length = int(header[16:])
        while len(self.bytes) < length:
            self.fill()
        body, self.bytes = self.bytes[:length], self.bytes[length:]
        message = json.loads(body)
        assert message["jsonrpc"] == "2.0", message
        return message

    def notify(self, method, **params):
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method, **params):
        """The whole answer."""
        self.number += 1
        self.send({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params})
        message = self.answer()
        assert message["id"] == self.number, message
        return message

    def answer(self):
        """The next; what is said before it, at its own time, is kept."""
        while True:
            message = self.read()
            if "id" in message:
                return message
            self.said.append(message)

    def ask(self, method, **params):
        answer = self.request(method, **params)
        assert "result" in answer, answer
        return answer["result"]

    def start(self, **params):
        result = self.ask("initialize", processId=None, rootUri="file://" + folder, capabilities={}, **params)
        self.notify("initialized")
        return result

    def stop(self):
        assert self.ask("shutdown") is None
        self.notify("exit")
        return self.process.wait(LIMIT)


class Document:
    """A text that is open, as the client has it."""

    def __init__(self, client, name, text):
        self.client, self.uri, self.text, self.version = client, f"file://{folder}/{name}", text, 1
        client.notify("textDocument/didOpen", textDocument={
            "uri": self.uri, "languageId": "dcc", "version": 1, "text": text})

    def place(self):
        return {"textDocument": {"uri": self.uri}}

    def position(self, index):
        """Of a character of the text: a line and UTF-16 units."""
        before = self.text[:index]
        line = before[before.rfind("\n") + 1:]
        return {"line": before.count("\n"), "character": len(line.encode("utf-16-le")) // 2}

    def index(self, position):
        at = 0
        for _ in range(position["line"]):
            at = self.text.index("\n", at) + 1
        units = 0
        while units < position["character"]:
            units += len(self.text[at].encode("utf-16-le")) // 2
            at += 1
        return at

    def covered(self, span):
        return self.text[self.index(span["start"]):self.index(span["end"])]

    def range(self, begin, end):
        return {"start": self.position(begin), "end": self.position(end)}

    def change(self, begin, end, text):
        """Puts a text in the place of another, as an edit."""
        self.version += 1
        edit = {"range": self.range(begin, end), "text": text}
        self.text = self.text[:begin] + text + self.text[end:]
        self.client.notify("textDocument/didChange", textDocument={"uri": self.uri, "version": self.version},
                           contentChanges=[edit])

    def apply(self, edits):
        for edit in reversed(edits):
            self.change(self.index(edit["range"]["start"]), self.index(edit["range"]["end"]), edit["newText"])

    def findings(self):
        """What the server says of this version."""
        while True:
            for message in self.client.said:
                params = message["params"]
                if params["uri"] == self.uri and params.get("version") == self.version:
                    self.client.said.remove(message)
                    return params["diagnostics"]
            self.client.said.append(self.client.read())

    def wait_for(self, text):
        """Until one of them says so: what is read beside a document may change meanwhile."""
        while not any(text in finding["message"] for finding in self.findings()):
            pass

    def at(self, method, word, shift=0):
        """Asks about the place of a word."""
        return self.client.ask("textDocument/" + method, position=self.position(self.text.index(word) + shift),
                               **self.place())

    def close(self):
        self.client.notify("textDocument/didClose", **self.place())


EXAMPLE = """// A machine, a network, a dataflow.
Constant Tile = 2*Sz(R) - 2;
Accelerator "small" {
  PEs: 16
  NoC 0 { Bandwidth: 4, Latency: 1 }
}
Dataflow "filters" {
  SpatialMap(1, 1) K;
  TemporalMap(Tile, Tile) C;
  TemporalMap(Sz(R), 1) Y;
}
Network "one" {
  Layer FIRST {
    Type: CONV
    Dimensions { K: 32, C: 8, R: 3, S: 3, Y: 18, X: 18 }
  }
}
"""


def mistake_is_mended():
    client = Client()
    result = client.start()
    assert result["serverInfo"]["name"] == "dcc-lsp" and result["capabilities"]["hoverProvider"]
    text = EXAMPLE.replace("SpatialMap(1, 1) K", "/* \u00e9\U0001d11e */ SpatialMpa(1, 1) K")
    doc = Document(client, "a.m", text)
    (finding,) = doc.findings()
    assert finding["code"] == "unknown-key" and finding["severity"] == 1 and finding["source"] == "dcc"
    assert doc.covered(finding["range"]) == "SpatialMpa"
    assert finding["range"]["start"] == {"line": 7, "character": 12}, finding["range"]
    (action,) = client.ask("textDocument/codeAction", range=finding["range"], context={"diagnostics": [finding]},
                           **doc.place())
    for only, number in ((["quickfix"], 1), (["source", "quickfix"], 1), (["source.fixAll"], 0)):
        assert len(client.ask("textDocument/codeAction", range=finding["range"], context={"only": only},
                              **doc.place())) == number
    assert action["kind"] == "quickfix" and action["title"] == "Change to 'SpatialMap'"
    assert action["diagnostics"][0]["code"] == "unknown-key"
    doc.apply(action["edit"]["changes"][doc.uri])
    assert doc.text == text.replace("Mpa", "Map")
    assert doc.findings() == []
    assert client.ask("textDocument/codeAction", range=finding["range"], context={"diagnostics": []},
                      **doc.place()) == []
    assert client.stop() == 0


def lowering_is_checked():
    client = Client()
    client.ask("initialize", capabilities={"textDocument": {"publishDiagnostics": {"relatedInformation": True}}})
    client.notify("initialized")
    doc = Document(client, "a.m", EXAMPLE.replace("(Tile, Tile) C", "(2, 1) C").replace("Constant", "// Constant"))
    (finding,) = doc.findings()
    assert finding["code"] == "overlap" and doc.covered(finding["range"]) == "TemporalMap(2, 1) C"
    assert finding["message"].endswith("\nwrite TemporalMap(2,2) C"), finding
    (action,) = client.ask("textDocument/codeAction", range=finding["range"], **doc.place())
    doc.apply(action["edit"]["changes"][doc.uri])
    assert doc.findings() == []
    begin = doc.text.index("K;")
    doc.change(begin, begin + 2, "K; TemporalMap(1, 1) K;")
    (finding,) = doc.findings()
    (related,) = finding["relatedInformation"]
    assert finding["code"] == "mapped-twice" and related["location"]["uri"] == doc.uri
    assert doc.covered(related["location"]["range"]) == "SpatialMap(1, 1) K"
    text = doc.text.replace(" TemporalMap(1, 1) K;", "").replace("PEs: 16", "PEs: 16 Buffer L1 { Capacity: 4 B }")
    doc.change(0, len(doc.text), text)
    (finding,) = doc.findings()
    assert finding["code"] == "capacity" and finding["severity"] == 2 and doc.covered(finding["range"]) == "FIRST"
    assert client.stop() == 0


def files_beside():
    """The model and the machine come from settings, from the first line, from what is open."""
    client = Client("--model", "vgg16.m", "--hw", "eyeriss.hw")
    client.start()
    text = "Dataflow d {\n  SpatialMap(1, 1) KK;\n}\n"
    doc = Document(client, "flow.m", text)
    (finding,) = doc.findings()
    assert finding["code"] == "unknown-dim" and "(layer CONV1)" in finding["message"], finding
    assert "more of their kind" in finding["message"]  # one for all of the layers
    client.notify("workspace/didChangeConfiguration", settings={"dcc": {"model": "bert-base.m"}})
    (finding,) = doc.findings()
    assert "GEMM" in finding["message"], finding
    doc.change(0, 0, "// dcc: --model my.m\n")
    (finding,) = doc.findings()
    assert "my.m" in finding["message"] and "code" not in finding, finding
    model = Document(client, "my.m", 'Network n { Layer MINE { Type: FC Dimensions { K: 4, C: 4 } } }\n')
    with open(f"{folder}/my.m", "w", encoding="utf-8") as file:
        file.write("Network n { }\n")
    client.notify("textDocument/didSave", **model.place())
    doc.wait_for("layer MINE")
    model.change(model.text.index("MINE"), model.text.index("MINE") + 4, "YOURS")
    doc.wait_for("layer YOURS")
    os.remove(f"{folder}/my.m")
    model.close()
    assert client.stop() == 0


def hovering():
    client = Client()
    client.start()
    doc = Document(client, "a.m", EXAMPLE)
    said = lambda word, shift=0: doc.at("hover", word, shift)["contents"]["value"]
    explained = subprocess.run([dcc, "a.m", "--explain", "FIRST"], cwd=folder, capture_output=True, text=True,
                               check=True).stdout
    for word in ("SpatialMap", "TemporalMap(Sz", "TemporalMap(Tile"):
        text = said(word)
        assert text.startswith("level 0, layer FIRST on small"), text
        for line in text.split("```")[1].split("\n")[2:]:  # in the words of --explain
            assert " ".join(line.split()) in " ".join(explained.split()), line
    row = said("TemporalMap(Sz").split("```")[1].split("\n")[2].split()
    assert row == ["TemporalMap(1,1)", "Y'", "16", "16", "16"], row
    assert "halo of 2 in 3 along Y'" in said("Y;") and "spatial multicast over K" in said("Y;")
    assert said("Tile, Tile", 6) == "Tile = 4 for layer FIRST", said("Tile, Tile", 6)
    assert said("Tile = ") == "Tile = 4 for layer FIRST"
    text = said("Layer FIRST")
    assert "K=32" in text and "590k MACs" in text and "cycles" in text, text
    assert "level 0: 16 PEs" in said("Dataflow"), said("Dataflow")
    assert "cycles per hop; default 1" in said("Latency") and "processing elements" in said("PEs")
    assert "the operator" in said("Type")
    assert doc.at("hover", "// A machine") is None and doc.at("hover", "32") is None
    assert doc.covered(doc.at("hover", "SpatialMap")["range"]) == "SpatialMap(1, 1) K"
    doc.change(0, len(doc.text), "Dataflow d {\n  SpatialMap(4, 4) K;\n  TemporalMap(?, ?) C;\n}\n")
    assert said("SpatialMap").startswith("**SpatialMap**: ")  # there is no layer at hand
    doc.change(0, 0, "// dcc: --model vgg16.m\n")
    assert said("TemporalMap") == "C is 3, layer CONV1"  # with holes, as far as it is known
    doc.change(doc.text.index("?, ?"), doc.text.index("?, ?") + 4, "1, 1")
    assert said("SpatialMap").split("```")[1].split("\n")[2:] == ["SpatialMap(4,4) K      64      16      -", ""]
    assert said("TemporalMap").split("```")[1].split()[-3:] == ["3", "3", "3"]
    doc.change(doc.text.index("\n"), doc.text.index("\n"), " --hw ff-gemmini.hw")
    with open(f"{root}/dataflows/ff-gemmini.m", encoding="utf-8") as file:
        doc.change(doc.text.index("\n") + 1, len(doc.text), file.read())
    (finding,) = doc.findings() or [None]
    assert finding is None, finding
    text = said("SpatialMap(1, 1) C")
    assert text.startswith("level 2, layer CONV1 on ff-gemmini") and "spatial reduction over C" in text, text
    assert "Scratchpad" in said("Dataflow"), said("Dataflow")
    assert client.stop() == 0


HIERARCHY = "Accelerator h { Hierarchy { Memory DRAM { } Memory GLB { } Fanout PE 4 { } } }\n"

# What is offered at the '|', and what is not.
COMPLETIONS = (
    ("|", {"Dataflow", "Network", "Constant"}, {"PEs", "TemporalMap"}),
    ("Dataflow d { Sp|", {"SpatialMap", "Cluster"}, {"Layer"}),
    ("Dataflow d for GEMM { SpatialMap(1,1) |", {"M", "N", "K", "B"}, {"Y"}),
    ("Dataflow d for CONV { SpatialMap(1,1) Y|'; }", {"Y", "Y'", "R"}, {"M"}),
    ("Dataflow d for CONV { SpatialMap(Sz(|", {"R"}, {"min"}),
    ("Constant Tile 4; Dataflow d { SpatialMap(T|", {"Tile", "Sz", "max"}, {"K"}),
    ("Dataflow d for |", {"CONV", "LSTM"}, {"Input"}),
    ("Dataflow d { Cluster(4); |", {"TemporalMap"}, {"K"}),
    (HIERARCHY + "Dataflow d { Buffer(|", {"DRAM", "GLB"}, {"PE"}),
    (HIERARCHY + "Dataflow d { Fanout(|", {"PE"}, {"GLB"}),
    ("Dataflow d { Buffer(GLB) |", {"Input", "Output", "auto"}, {"K"}),
    ("Network n { Layer L { Type: |", {"CONV", "GEMM"}, {"Dimensions"}),
    ("Operator MINE { Input A[I]; Output O[I]; } Network n { Layer L { Type: |", {"MINE"}, set()),
    ("Network n { Layer L { Type: GEMM Dimensions { M: 4, |", {"K", "N"}, {"Y"}),
    ("Network n { Layer L { Type: CONV Stride { |", {"Y", "X"}, {"K"}),
    ("Network n { Layer L { Type: CONV Density { |", {"W", "Input"}, {"K"}),
    ("Network n { Layer L { Type: CONV |", {"Dimensions", "Count"}, {"GEMM"}),
    ("Accelerator a { PEs: 4 Clock: 1 GHz, |", {"NoC", "Buffer", "Technology"}, {"Bandwidth"}),
    ("Accelerator a { Technology: |", {"28nm", "65nm"}, {"yes"}),
    ('Accelerator a { Technology: "|', {"28nm", "65nm"}, {"yes"}),
    ("Accelerator a { NoC 0 { |", {"Bandwidth", "Multicast"}, {"PEs"}),
    ("Accelerator a { NoC 0 { Multicast: |", {"yes", "no"}, {"layer"}),
    ("Accelerator a { NoC 0 { Prefetch: |", {"layer", "step"}, {"yes"}),
    ("Accelerator a { OffChip { Holds: Input, |", {"Output"}, {"yes"}),
    ("// dcc: --model vg|", {"vgg16.m"}, {"eyeriss.hw"}),
    ("// dcc: --hw |", {"eyeriss.hw"}, {"vgg16.m"}),
    ("// Data|", set(), {"Dataflow"}),
    ("Constant |", set(), {"Sz"}),
)


def completing():
    client = Client()
    client.start()
    for number, (text, wanted, unwanted) in enumerate(COMPLETIONS):
        at = text.index("|")
        doc = Document(client, f"c{number}.m", text[:at] + text[at + 1:])
        items = client.ask("textDocument/completion", position=doc.position(at), **doc.place())
        labels = {item["label"] for item in items}
        assert wanted <= labels and not unwanted & labels, (text, labels)
        assert len(labels) == len(items), text
        for item in items:
            assert item["textEdit"]["range"]["end"] == doc.position(at), item
        doc.close()
    assert client.stop() == 0


def defining():
    client = Client()
    client.start()
    doc = Document(client, "d.m", EXAMPLE + HIERARCHY.replace("Accelerator h", "Accelerator h") +
                   "Dataflow other { Buffer(GLB) Input; Fanout(PE); }\n")
    for word, shift, found in (("Tile, Tile", 0, "Tile"), ("Tile = ", 1, "Tile"), ("Layer FIRST", 7, "Dataflow"),
                               ("GLB) ", 0, "Memory GLB"), ("PE);", 1, "Fanout")):
        place = doc.at("definition", word, shift)
        if found == "Dataflow":  # there are two: which is meant is not known
            assert place is None, place
            continue
        assert place["uri"] == doc.uri and doc.covered(place["range"]).startswith(found), (word, place)
    doc.change(0, len(doc.text), EXAMPLE)
    assert doc.covered(doc.at("definition", "FIRST")["range"]) == 'Dataflow "filters"'
    assert doc.at("definition", "32") is None
    doc.change(0, len(doc.text), 'Accelerator a { PEs: 1 Technology: "65nm" }')
    assert doc.at("definition", "65nm")["uri"].endswith("/hardware/tech-65nm.hw")
    assert client.stop() == 0


def laying_out():
    client = Client()
    client.start()
    given = EXAMPLE.replace("\n", " ", 3).replace("// A machine", "/* A machine").replace("dataflow. ", "dataflow. */ ")
    for text in (given, EXAMPLE, EXAMPLE.replace("  ", "\t"), EXAMPLE.rstrip("\n"), EXAMPLE.replace("\n", "\r\n")):
        doc = Document(client, "f.m", text)
        with open(f"{folder}/f.m", "w", encoding="utf-8", newline="") as file:
            file.write(text)
        wanted = subprocess.run([dcc, "--format=f.m"], cwd=folder, capture_output=True, text=True, check=True).stdout
        doc.apply(client.ask("textDocument/formatting", options={"tabSize": 8}, **doc.place()))
        assert doc.text == wanted
        assert client.ask("textDocument/formatting", **doc.place()) == []
        doc.close()
    doc = Document(client, "wrong.m", "Dataflow { SpatialMap(1,1 K; }")
    assert client.ask("textDocument/formatting", **doc.place()) is None
    assert client.stop() == 0


def outlining():
    client = Client()
    client.start()
    doc = Document(client, "a.m", EXAMPLE + HIERARCHY)
    symbols = {s["name"]: s for s in client.ask("textDocument/documentSymbol", **doc.place())}
    assert list(symbols) == ["Tile", "small", "filters", "one", "h"], list(symbols)
    assert [s["name"] for s in symbols["one"]["children"]] == ["FIRST"]
    assert [s["name"] for s in symbols["h"]["children"][0]["children"]] == ["DRAM", "GLB", "PE"]
    assert doc.covered(symbols["filters"]["selectionRange"]) == "Dataflow"
    assert client.stop() == 0


def protocol():
    client = Client()
    code = lambda method, **params: client.request(method, **params)["error"]["code"]
    assert code("textDocument/hover") == -32002  # before initialize
    client.start()
    assert code("initialize") == -32600
    assert code("textDocument/rename") == -32601 and code("$/no") == -32601
    assert code("textDocument/didOpen") == -32601  # a notification is no request
    assert code("textDocument/hover", textDocument={"uri": "file:///none"}) == -32602
    doc = Document(client, "a.m", EXAMPLE)
    for position in (None, {}, {"line": -1, "character": 0}, {"line": "1", "character": 0}, []):
        assert code("textDocument/hover", position=position, **doc.place()) == -32602
    assert code("textDocument/codeAction", range={"start": {"line": 9, "character": 9},
                                                  "end": {"line": 0, "character": 0}}, **doc.place()) == -32602
    far = {"line": 10 ** 9, "character": 10 ** 12}
    assert client.ask("textDocument/hover", position=far, **doc.place()) is None
    for method in ("no/such", "$/cancelRequest", "textDocument/hover", "textDocument/didChange", "textDocument/didOpen"):
        client.notify(method)  # what is wrong with a notification is not answered
    client.send({"jsonrpc": "2.0", "id": 77, "result": None})
    for message in ([], 7, {}, {"id": {}, "method": "shutdown"}, {"id": 1}):
        client.send(message)
        assert client_error(client) == -32600, message
    client.send({"jsonrpc": "2.0", "id": "a word", "method": "shutdown"})
    assert client.answer() == {"jsonrpc": "2.0", "id": "a word", "result": None}
    assert code("textDocument/hover") == -32600  # after shutdown
    client.notify("exit")
    assert client.process.wait(LIMIT) == 0
    client = Client()
    client.start()
    client.notify("exit")
    assert client.process.wait(LIMIT) == 1
    client = Client()
    client.process.stdin.close()
    assert client.process.wait(LIMIT) == 1


def client_error(client):
    while True:
        message = client.read()
        if "error" in message:
            return message["error"]["code"]


def malformed():
    client = Client()
    client.start()
    doc = Document(client, "a.m", EXAMPLE)
    assert doc.findings() == []
    for header in (b"Content-Length: -5", b"Content-Length: x", b"Content-Length: 1 2", b"Content-Type: y", b"z" * 5000, b""):
        client.raw(header + (b"\r\n\r\n" if header else b"\r\n"))
        assert client_error(client) == -32700, header
    for body in (b"", b"{]\0", b"\xff\xfe", b'{"id": 1, "method": "\xc3\x28"}', b'{"id": 1, "method": "\\ud800"}', b"[" * 100000,
                 b'{"id": 1, "id": '):
        client.raw(b"content-length:%d\r\nContent-Type: x\r\n\r\n%s" % (len(body), body))
        assert client_error(client) == -32700, body
    assert client.ask("textDocument/hover", position=doc.position(1), **doc.place()) is None  # it goes on
    # bytes that are no text, as far as JSON can say it
    for text in ("\0", "a\0b", "Dataflow {\ufffe", "\r\r\n\r", "\ud7ff\U0010ffff Dataflow", "{" * 1000, "(" * 1000):
        wild = Document(client, "wild.m", text)
        assert all(f["severity"] in (1, 2) for f in wild.findings())
        for method in ("hover", "completion", "definition"):
            client.ask("textDocument/" + method, position=wild.position(len(text)), **wild.place())
        wild.close()
    for length in (2 ** 30, 2 ** 63, 10 ** 30):
        client = Client()
        client.raw(b"Content-Length: %d\r\n\r\n" % length)
        assert client_error(client) == -32600, length
        assert client.process.wait(LIMIT) == 1


WORDS = ("Dataflow", "Network", "Layer", "Type:", "CONV", "Dimensions", "{", "}", "(", ")", "[", "]", ";", ",", ":", "?",
         "SpatialMap(1,1)", "TemporalMap(", "Cluster(4);", "Sz(R)", "Y'", "K", "0", "64", "Any over", "Buffer(GLB)", "\n",
         "Constant", "A", "=", "*", "//", "/*", "*/", "\"", "GHz", "Hierarchy", "Memory", "Fanout", "\U0001d11e", "\0", " in {")


def edits_at_random():
    """Texts that come with dcc, worn down; every answer is asked for on the way."""
    rng = random.Random(int(seed))
    names = [f"{root}/{kind}/{name}" for kind in ("dataflows", "hardware", "models", "tests/golden")
             for name in sorted(os.listdir(f"{root}/{kind}")) if name.endswith((".m", ".hw"))]
    texts = [EXAMPLE, HIERARCHY + EXAMPLE]
    for name in names:
        with open(name, encoding="utf-8") as file:
            texts.append(file.read())
    texts = [text for text in texts if len(text) < 6000]
    beside = (("--model", "vgg16.m", "--hw", "eyeriss.hw"), ("--model", "gpt2.m", "--hw", "ff-gemmini.hw"),
              ("--model", "mobilenetv2.m"), ("--hw", "ff-gemmini.hw", "--dataflow", "ff-gemmini.m"), ())
    edits = sum(edit(rng, texts, options, float(seconds) / len(beside)) for options in beside)
    print(f"# {edits} edits, seed {seed}")


def edit(rng, texts, options, lasting):
    """With those files beside, for so many seconds; how many edits were made."""
    client = Client(*options)
    client.start()
    end, edits = time.monotonic() + lasting, 0
    while time.monotonic() < end:
        doc = Document(client, "random.m", rng.choice(texts))
        for _ in range(rng.randrange(1, 30)):
            begin = rng.randrange(len(doc.text) + 1)
            stop = min(len(doc.text), begin + rng.choice((0, 0, 1, 2, 5, 40)))
            doc.change(begin, stop, rng.choice(("", " ")) + rng.choice(WORDS + ("",)))
            edits += 1
            at = rng.randrange(len(doc.text) + 1)
            for method in ("hover", "completion", "definition"):
                client.ask("textDocument/" + method, position=doc.position(at), **doc.place())
            if rng.random() < 0.3:
                doc.findings()
                client.ask("textDocument/formatting", **doc.place())
                client.ask("textDocument/documentSymbol", **doc.place())
                for action in client.ask("textDocument/codeAction", range=doc.range(0, len(doc.text)), **doc.place()):
                    assert action["edit"]["changes"][doc.uri][0]["newText"] is not None
        client.said.clear()
        doc.close()
    assert client.stop() == 0
    return edits


TESTS = (mistake_is_mended, lowering_is_checked, files_beside, hovering, completing, defining, laying_out, outlining,
         protocol, malformed, edits_at_random)

os.makedirs(folder, exist_ok=True)
with open(f"{folder}/a.m", "w", encoding="utf-8") as example:
    example.write(EXAMPLE)
for count, test in enumerate(TESTS, 1):
    what = test.__name__.replace("_", " ")
    try:
        test()
        print(f"ok {count} - {what}", flush=True)
    except Exception as error:  # a test that fails in any way has failed
        where = error.__traceback__
        while where.tb_next:
            where = where.tb_next
        print(f"not ok {count} - {what}\n# line {where.tb_lineno}: {type(error).__name__} {error}", flush=True)
