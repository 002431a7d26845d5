#!/usr/bin/env python3
"""The words of the syntax files are those of dcc's tables: editors.py SOURCE-TREE

Prints what is missing or too much; with UPDATE=1 the files are written.  In each file a list stands
in a line of its own, known by the name of its group."""
import json
import os
import re
import sys

tree = sys.argv[1]
problems = 0


def read(path):
    with open(f"{tree}/{path}", encoding="utf-8") as file:
        return file.read()


def words_of(path, pattern):
    """The strings in the first array that the pattern finds."""
    found = re.search(pattern + r"[^{]*\{([^}]*)\}", read(path))
    return re.findall(r'"([^"]+)"', found.group(1))


def tables():
    rows = re.findall(r'^KEY\("([^"]*)", "([^"]*)", (\w+),', read("src/frontend/schema.def"), re.M)
    hardware = re.findall(r'^KEY\(\w+, "[^"]*", "[^"]*", "([^"]+)"', read("src/frontend/keys.def"), re.M)
    flat = re.findall(r'^FLAT\("([^"]+)"', read("src/frontend/keys.def"), re.M)
    bodies = ("BLOCK", "NAMED", "NAMED_MAYBE", "ARGUED", "SIZED")
    block = {key for _, key, shape in rows if shape in bodies}
    directive = {key for _, key, shape in rows if shape == "CALL" and key != "?"} - block
    key = ({key for _, key, shape in rows if shape not in bodies and shape != "CALL"} | set(hardware) | set(flat)) - block
    units = set(re.findall(r'^UNIT\("([^"]+)"', read("src/frontend/units.def"), re.M))
    return {
        "Block": block, "Directive": directive, "Key": key,
        "Type": set(re.findall(r'"Operator (\w+) \{', read("src/frontend/builtin.c"))),
        "Function": set(words_of("src/frontend/expr.c", r"\bexpr_functions\[")),
        "Value": set(words_of("src/frontend/reader.c", r"\breader_yes_words\[")) |
                 set(words_of("src/frontend/reader.c", r"\breader_prefetch_words\[")),
        "Unit": units,
    }


def alternatives(words):
    """Longer ones first: MHz before M."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


def vim_line(group, words):
    if group == "Unit":
        one = "%(" + alternatives(words) + ")"
        return f'syntax match dccUnit "\\v\\C%(\\d\\s*)@<={one}%(/{one})?>"'
    return f"syntax keyword dcc{group} " + " ".join(sorted(words))


def vim_words(line):
    if "dccUnit" in line:
        found = re.search(r"@<=%\(([^)]*)\)", line)
        return set(found.group(1).split("|")) if found else set()
    return set(line.split()[3:])


SCOPES = {"Block": "storage.type.block.dcc", "Directive": "keyword.control.directive.dcc",
          "Key": "support.type.property-name.dcc", "Type": "entity.name.type.operator.dcc",
          "Function": "support.function.dcc", "Value": "constant.language.dcc", "Unit": '"match"'}


def textmate_line(group, words, line):
    if group == "Unit":
        one = "(?:" + alternatives(words) + ")"
        match = r"\b([0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)\s*(" + one + "(?:/" + one + r")?)\b"
    else:
        match = r"\b(" + alternatives(words) + r")\b"
    return re.sub(r'"match": "(?:[^"\\]|\\.)*"', lambda _: '"match": ' + json.dumps(match), line)


def textmate_words(group, line):
    match = re.search(r'"match": ("(?:[^"\\]|\\.)*")', line)
    found = re.search(r"\((?:\?:)?([A-Za-z0-9_|]+)\)\??(?:\(|\\b)" if group == "Unit" else r"\\b\(([A-Za-z0-9_|]+)\)\\b",
                      json.loads(match.group(1)))
    return set(found.group(1).split("|")) if found else set()


def compare(path, group, have, want):
    global problems
    for word in sorted(want ^ have):
        problems += 1
        print(f"{path}: {group}: {word} is {'missing' if word in want else 'not in the tables'}")


def check(path, groups, is_line, words, write):
    lines = read(path).split("\n")
    for group, want in groups.items():
        at = [i for i, line in enumerate(lines) if is_line(group, line)]
        assert len(at) == 1, (path, group, at)
        if os.environ.get("UPDATE") == "1":
            lines[at[0]] = write(group, want, lines[at[0]])
        compare(path, group, words(group, lines[at[0]]), want)
    if os.environ.get("UPDATE") == "1":
        with open(f"{tree}/{path}", "w", encoding="utf-8") as file:
            file.write("\n".join(lines))


def is_textmate_line(group, line):
    if group == "Unit":
        return '"match"' in line and '"name"' not in line
    return f'"name": "{SCOPES[group]}", "match"' in line


found = tables()
assert all(found.values()), found
check("editors/vim/syntax/dcc.vim", found, lambda group, line: re.match(rf"syntax \w+ dcc{group}\b", line) is not None,
      lambda group, line: vim_words(line), lambda group, words, line: vim_line(group, words))
check("editors/textmate/dcc.tmLanguage.json", found, is_textmate_line, textmate_words, textmate_line)
json.loads(read("editors/textmate/dcc.tmLanguage.json"))
sys.exit(problems > 0)
