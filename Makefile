# dcc: builds with plain GNU make; ./configure is optional and only writes config.mk.
#
#   make           programs, under build/
#   make demo      sets the machine up, builds, compares VGG-16 on Eyeriss with the chip's own time
#   make check     sets the machine up, builds, tests; DIFF=N differential cases, SAN=1 sanitizers
#   make check-long  a million differential cases, 3,000 against the specification, then SAN=1
#   make coverage  what the tests run: 95 % of lines, 88 % of branches
#   make lint      static analysis, layout, manual pages, shell scripts; make format mends layout
#   make fuzz      libFuzzer over the parser and the pipeline, FUZZ_SECONDS=60 each
#   make bench     rates
#   make paper     published results beside ours
#   make install   prefix=/usr/local DESTDIR= pythondir=
#
# V=1 shows the commands.

srcdir ?= .
-include config.mk

VERSION := $(shell sed -n 's/^AC_INIT(\[dcc\], \[\(.*\)\])/\1/p' $(srcdir)/configure.ac)

prefix ?= /usr/local
exec_prefix ?= $(prefix)
bindir ?= $(exec_prefix)/bin
libdir ?= $(exec_prefix)/lib
includedir ?= $(prefix)/include
datarootdir ?= $(prefix)/share
datadir ?= $(datarootdir)
mandir ?= $(datarootdir)/man
docdir ?= $(datarootdir)/doc/dcc
pkgdatadir = $(datadir)/dcc
plugindir = $(libdir)/dcc

CFLAGS ?= -O2 -g
FLEX ?= flex
BISON ?= bison
PKG_CONFIG ?= pkg-config
INSTALL ?= install
OBJCOPY ?= objcopy
# Of the scripts that are installed: where Debian's packages for Python are seen.
PYTHON ?= $(if $(wildcard /usr/bin/python3),/usr/bin/python3,/usr/bin/env python3)

# Asked once, and only when a recipe needs the answer.
once = $(eval $(1) := $(2))$($(1))
GLIB_CFLAGS ?= $(call once,GLIB_CFLAGS,$(shell $(PKG_CONFIG) --cflags glib-2.0))
GLIB_LIBS ?= $(call once,GLIB_LIBS,$(shell $(PKG_CONFIG) --libs glib-2.0))
JANSSON_CFLAGS ?= $(call once,JANSSON_CFLAGS,$(shell $(PKG_CONFIG) --cflags jansson))
JANSSON_LIBS ?= $(call once,JANSSON_LIBS,$(shell $(PKG_CONFIG) --libs jansson))
SQLITE_CFLAGS ?= $(call once,SQLITE_CFLAGS,$(shell $(PKG_CONFIG) --cflags sqlite3))
SQLITE_LIBS ?= $(call once,SQLITE_LIBS,$(shell $(PKG_CONFIG) --libs sqlite3))
CHECK_CFLAGS ?= $(call once,CHECK_CFLAGS,$(shell $(PKG_CONFIG) --cflags check))
CHECK_LIBS ?= $(call once,CHECK_LIBS,$(shell $(PKG_CONFIG) --libs check))

# Open MPI, where it is: for a plugin alone.
WITH_MPI ?= auto
ifneq ($(WITH_MPI),no)
MPI_CFLAGS ?= $(call once,MPI_CFLAGS,$(shell $(PKG_CONFIG) --cflags ompi-c 2>/dev/null))
MPI_LIBS ?= $(call once,MPI_LIBS,$(shell $(PKG_CONFIG) --libs ompi-c 2>/dev/null))
endif

# quiet: the command itself with V=1, else what it makes.
quiet = $(if $(V),,@echo '  $(1) $(@:$(BUILD)/%=%)' &&)

# Each kind of build has a directory of its own.
SAN ?= 0
BUILD = build
SAN_FLAGS =
ifeq ($(SAN),1)
BUILD = build/san
SAN_FLAGS = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -DDCC_SANITIZE
endif

WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla
DEFINES = -D_GNU_SOURCE -DDCC_VERSION='"$(VERSION)"' -DDCC_DATADIR='"$(pkgdatadir)"' \
	-DDCC_PLUGINDIR='"$(plugindir)"'
ALL_CPPFLAGS = -I$(srcdir)/src -I$(BUILD) -I$(srcdir) $(DEFINES) $(CPPFLAGS)
ALL_CFLAGS = -std=c11 $(WARNINGS) -fPIC -fvisibility=hidden $(GLIB_CFLAGS) $(JANSSON_CFLAGS) $(SQLITE_CFLAGS) \
	$(CFLAGS) $(SAN_FLAGS)
# The engines are loops over a few items each: -O3 saves a tenth of their instructions, but what it
# does for long loops costs more than it saves, save where machines stand side by side in lanes.
ENGINE_FLAGS = $(if $(filter -O2,$(CFLAGS)),-O3 -fno-tree-vectorize)
$(BUILD)/obj/engine/%.o: ALL_CFLAGS += $(ENGINE_FLAGS)
$(BUILD)/obj/map/%.o: ALL_CFLAGS += $(ENGINE_FLAGS)
$(BUILD)/obj/sched/%.o: ALL_CFLAGS += $(ENGINE_FLAGS)
$(BUILD)/obj/engine/variants.o: ALL_CFLAGS += $(ENGINE_FLAGS:-fno-%=-f%)
ALL_LDFLAGS = $(CFLAGS) $(SAN_FLAGS) $(LDFLAGS)
ALL_LIBS = $(GLIB_LIBS) $(JANSSON_LIBS) $(SQLITE_LIBS) $(LIBS) -ldl -lm

MODULES = ir engine frontend run report ranks dse map why sched lsp lib
LIB_SRC := $(foreach m,$(MODULES) tools/parts,$(wildcard $(srcdir)/src/$(m)/*.c))
LIB_OBJ = $(LIB_SRC:$(srcdir)/src/%.c=$(BUILD)/obj/%.o) $(GRAMMAR_OBJ)
LIB = $(BUILD)/libdcc.a
GRAMMAR_OBJ = $(BUILD)/obj/grammar/lexer.o $(BUILD)/obj/grammar/parser.o
GRAMMAR_H = $(BUILD)/grammar/lexer.h $(BUILD)/grammar/parser.h

# The public library: what src/lib and all that it needs come to, with no name but dcc_*.
PUBLIC_OBJ := $(patsubst $(srcdir)/src/%.c,$(BUILD)/obj/%.o,$(wildcard $(srcdir)/src/lib/*.c))
SONAME = libdcc.so.0
SHARED = $(BUILD)/libdcc.so
STATIC = $(BUILD)/static/libdcc.a

TOOL_SRC := $(wildcard $(srcdir)/src/tools/*.c)
TOOLS = $(TOOL_SRC:$(srcdir)/src/tools/%.c=$(BUILD)/%)
SCRIPT_SRC := $(wildcard $(srcdir)/src/tools/*.py)
SCRIPTS = $(SCRIPT_SRC:$(srcdir)/src/tools/%.py=$(BUILD)/%)

# Loaded by who is started by mpirun.
PLUGIN_SRC = $(srcdir)/src/ranks/mpi/mpi.c
PLUGIN = $(if $(MPI_LIBS),$(BUILD)/dcc-mpi.so)

UNIT_SRC := $(if $(filter no,$(WITH_CHECK)),,$(wildcard $(srcdir)/tests/unit/*.c))
UNITS = $(UNIT_SRC:$(srcdir)/tests/unit/%.c=$(BUILD)/tests/unit/%)
DIFFERENTIAL_OBJ := $(patsubst $(srcdir)/tests/%.c,$(BUILD)/obj/tests/%.o,\
	$(filter-out $(srcdir)/tests/fuzz_%,$(wildcard $(srcdir)/tests/*.c)))
DIFFERENTIAL = $(if $(wildcard $(srcdir)/tests/differential.c),$(BUILD)/tests/differential)

BENCH_SRC := $(wildcard $(srcdir)/bench/*.c)
BENCHES = $(BENCH_SRC:$(srcdir)/bench/%.c=$(BUILD)/bench/%)

MAN := $(wildcard $(srcdir)/man/*.[1-9])
DATA_KINDS = dataflows models hardware
DOCS = README NEWS LICENSE
EXAMPLE_DIRS = examples examples/map examples/sched examples/start
EDITOR_DIRS = editors/vim/ftdetect editors/vim/ftplugin editors/vim/lua editors/vim/syntax editors/vim editors/textmate editors
BASH_COMPLETIONS ?= $(datarootdir)/bash-completion/completions
ZSH_COMPLETIONS ?= $(datarootdir)/zsh/site-functions
FISH_COMPLETIONS ?= $(datarootdir)/fish/vendor_completions.d
# Where Debian's python3 looks: under /usr one folder for all of its versions, under /usr/local one each.
pythondir ?= $(prefix)/lib/$(if $(filter /usr/local,$(prefix)),$(call once,PYTHON_FOLDER,$(shell \
	$(PYTHON) -c 'import sys; print("python%d.%d" % sys.version_info[:2])' 2>/dev/null || echo python3)),python3)/dist-packages
MODULE := $(wildcard $(srcdir)/python/dcc/*.py) $(srcdir)/python/dcc/py.typed

.PHONY: all demo check check-run check-long tests coverage lint fuzz bench paper install uninstall clean distclean FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: $(TOOLS) $(SCRIPTS) $(PLUGIN) $(SHARED) $(STATIC) $(BUILD)/data

# --- objects ---------------------------------------------------------------

# Changes when the compiler, its flags or the version do; everything is then stale.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS))' > $@.new
	@if cmp -s $@.new $@; then rm -f $@.new; else mv $@.new $@; fi

# The files of dcc --init, as strings.
START = $(srcdir)/examples/start
$(BUILD)/start.inc: $(START)/dataflow.m $(START)/model.m $(START)/machine.hw
	@mkdir -p $(@D)
	$(call quiet,GEN )for f in $^; do n=$${f##*/}; printf 'static const char start_%s[] =\n' "$${n%.*}"; \
	    sed -e 's/\\/\\\\/g; s/"/\\"/g; s/.*/    "&\\n"/' "$$f"; echo ';'; done >$@
$(BUILD)/obj/report/start.o: $(BUILD)/start.inc

$(BUILD)/obj/%.o: $(srcdir)/src/%.c $(BUILD)/flags | $(GRAMMAR_H)
	@mkdir -p $(@D)
	$(call quiet,CC  )$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/tests/unit/%.o: $(srcdir)/tests/unit/%.c $(BUILD)/flags | $(GRAMMAR_H)
	@mkdir -p $(@D)
	$(call quiet,CC  )$(CC) $(ALL_CPPFLAGS) -I$(srcdir)/tests $(CHECK_CFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/tests/%.o: $(srcdir)/tests/%.c $(BUILD)/flags | $(GRAMMAR_H)
	@mkdir -p $(@D)
	$(call quiet,CC  )$(CC) $(ALL_CPPFLAGS) -I$(srcdir)/tests $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/bench/%.o: $(srcdir)/bench/%.c $(BUILD)/flags | $(GRAMMAR_H)
	@mkdir -p $(@D)
	$(call quiet,CC  )$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# What flex and bison write is theirs: warnings about it help nobody.
$(BUILD)/obj/grammar/%.o: $(BUILD)/grammar/%.c $(BUILD)/flags | $(GRAMMAR_H)
	@mkdir -p $(@D)
	$(call quiet,CC  )$(CC) $(ALL_CPPFLAGS) -I$(srcdir)/grammar $(ALL_CFLAGS) -w -MMD -MP -c -o $@ $<

$(BUILD)/grammar/parser.c: $(srcdir)/grammar/parser.y
	@mkdir -p $(@D)
	$(call quiet,GEN )$(BISON) -Wall -Werror --header=$(BUILD)/grammar/parser.h -o $@ $<
$(BUILD)/grammar/parser.h: $(BUILD)/grammar/parser.c ;

$(BUILD)/grammar/lexer.c: $(srcdir)/grammar/lexer.l
	@mkdir -p $(@D)
	$(call quiet,GEN )$(FLEX) --header-file=$(BUILD)/grammar/lexer.h -o $@ $<
$(BUILD)/grammar/lexer.h: $(BUILD)/grammar/lexer.c ;

# --- programs --------------------------------------------------------------

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(call quiet,AR  )$(AR) rcs $@ $^

$(BUILD)/$(SONAME): $(PUBLIC_OBJ) $(LIB)
	$(call quiet,LINK)$(CC) $(ALL_LDFLAGS) -shared -Wl,-soname,$(SONAME) -o $@ $^ $(GLIB_LIBS) $(LIBS) -lm
$(SHARED): $(BUILD)/$(SONAME)
	@ln -sf $(SONAME) $@

# One object, so that the names of the inside can be made its own.
$(STATIC): $(PUBLIC_OBJ) $(LIB)
	@mkdir -p $(@D)
	@rm -f $@
	$(call quiet,AR  )$(CC) -r -nostdlib -o $(@D)/dcc.o $^ && $(OBJCOPY) --localize-hidden $(@D)/dcc.o && \
	    $(AR) rcs $@ $(@D)/dcc.o

$(BUILD)/examples/%: $(srcdir)/examples/%.c $(srcdir)/src/lib/dcc.h $(SHARED)
	@mkdir -p $(@D)
	$(call quiet,CC  )$(CC) -std=c11 $(WARNINGS) -I$(srcdir)/src/lib -pthread $(CPPFLAGS) $(ALL_LDFLAGS) -o $@ $< \
	    -L$(BUILD) -ldcc -Wl,-rpath,'$$ORIGIN/..'

$(TOOLS): $(BUILD)/%: $(BUILD)/obj/tools/%.o $(LIB)
	$(call quiet,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(BUILD)/obj/ranks/mpi/mpi.o: ALL_CFLAGS += $(MPI_CFLAGS)
$(BUILD)/dcc-mpi.so: $(BUILD)/obj/ranks/mpi/mpi.o
	$(call quiet,LINK)$(CC) $(ALL_LDFLAGS) -shared -o $@ $^ $(MPI_LIBS)

# A search starts it once for each mapping that it tries: without shared libraries to load it is there
# in two thirds of the time.  Where GLib has no static library, or with other flags, it is as the others.
MAESTRO_STATIC ?= $(call once,MAESTRO_STATIC,$(if $(SAN_FLAGS),,$(shell flags="-static -Wl,--no-warnings"; \
	libs=$$($(PKG_CONFIG) --static --libs glib-2.0 2>/dev/null); mkdir -p $(BUILD) && \
	printf '%s\n' '#include <glib.h>' 'int main(void) { return g_strcmp0("a", "a"); }' | \
	$(CC) $(GLIB_CFLAGS) $(CFLAGS) $(LDFLAGS) $$flags -x c - -x none -o $(BUILD)/static-probe $$libs 2>/dev/null && \
	$(BUILD)/static-probe && echo "$$flags")))
$(BUILD)/dcc-maestro: ALL_LDFLAGS += $(MAESTRO_STATIC)
$(BUILD)/dcc-maestro: ALL_LIBS = $(if $(MAESTRO_STATIC),$(shell $(PKG_CONFIG) --static --libs glib-2.0),$(GLIB_LIBS)) $(LIBS) -lm

# Of the differential test's random cases.
$(BUILD)/tests/unit/why: $(addprefix $(BUILD)/obj/tests/,casegen.o casemachine.o draw.o)
$(addprefix $(BUILD)/tests/unit/,timeline graph schedules): $(BUILD)/obj/tests/draw.o

$(SCRIPTS): $(BUILD)/%: $(srcdir)/src/tools/%.py $(BUILD)/flags
	$(call quiet,GEN )sed -e 's|@PYTHON@|$(PYTHON)|' -e 's|@VERSION@|$(VERSION)|' $< > $@ && chmod 755 $@

$(BUILD)/tests/unit/%: $(BUILD)/obj/tests/unit/%.o $(LIB)
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(CHECK_LIBS) $(ALL_LIBS)

$(BUILD)/tests/differential: $(DIFFERENTIAL_OBJ) $(LIB)
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(BUILD)/bench/%: $(BUILD)/obj/bench/%.o $(LIB)
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(ALL_LIBS)

# A program that is not installed looks for dataflows and so on beside its own folder.
# In the source tree's build/ they are there; elsewhere links stand in.
$(BUILD)/data:
	@mkdir -p $(@D)
	@for kind in $(DATA_KINDS); do \
	    if [ ! -e $(BUILD)/../$$kind ]; then \
	        ln -s "$(abspath $(srcdir))/$$kind" $(BUILD)/../$$kind; fi; done
	@touch $@

# --- the two commands ------------------------------------------------------

demo:
	@$(srcdir)/tools/setup build
	@$(MAKE) --no-print-directory all
	@$(srcdir)/tools/demo $(BUILD)/dcc

check:
	@$(srcdir)/tools/setup build check
	@$(MAKE) --no-print-directory check-run

# What takes longer than three minutes.
check-long:
	@$(MAKE) --no-print-directory check DIFF=1000000 SPECIFICATION_CASES=3000
	@$(MAKE) --no-print-directory check SAN=1

EXAMPLES := $(patsubst $(srcdir)/%.c,$(BUILD)/%,$(wildcard $(srcdir)/examples/*.c))

# The benches with them, so that they go on compiling.
tests: all $(UNITS) $(DIFFERENTIAL) $(EXAMPLES) $(BENCHES)

check-run: tests
	@SRCDIR='$(srcdir)' BUILD='$(BUILD)' CC='$(CC)' MAKE='$(MAKE)' SAN='$(SAN)' LINK_FLAGS='$(SAN_FLAGS)' \
	    DIFF='$(DIFF)' SPECIFICATION_CASES='$(SPECIFICATION_CASES)' TESTS='$(TESTS)' $(srcdir)/tests/run

# --- coverage ----------------------------------------------------------------

# What the tests run of the sources, unoptimized so that lines are the source's own.  Branches that
# only an assertion or a failing allocation takes are not counted.
COVERAGE_LINES ?= 95
COVERAGE_BRANCHES ?= 88

coverage:
	@$(srcdir)/tools/setup build check coverage
	@find build/coverage -name '*.gcda' -delete 2>/dev/null || true
	@$(MAKE) --no-print-directory check-run BUILD=build/coverage CFLAGS='-O0 -g' SAN_FLAGS='--coverage -fprofile-update=atomic -DDCC_SANITIZE' DIFF='$(or $(DIFF),8000)'
	@gcovr --root $(srcdir) --object-directory build/coverage --filter '$(abspath $(srcdir))/src/' --exclude-unreachable-branches \
	    --exclude-throw-branches --exclude-lines-by-pattern '.*(g_assert|g_assert_not_reached)\(.*' \
	    --fail-under-line $(COVERAGE_LINES) --fail-under-branch $(COVERAGE_BRANCHES) --print-summary --sort-uncovered $(BUILD)/coverage/obj

# --- lint ------------------------------------------------------------------

LINT_SRC = $(LIB_SRC) $(if $(MPI_LIBS),$(PLUGIN_SRC)) $(TOOL_SRC) $(UNIT_SRC) $(wildcard $(srcdir)/examples/*.c) $(wildcard $(srcdir)/tests/*.c) $(BENCH_SRC)
build/lint/src/ranks/mpi/mpi.o: ALL_CFLAGS += $(MPI_CFLAGS)
LINT_H := $(wildcard $(srcdir)/src/*/*.h $(srcdir)/src/tools/parts/*.h $(srcdir)/tests/*.h $(srcdir)/tests/unit/*.h)
LINT_SH := $(wildcard $(srcdir)/tests/*.sh $(srcdir)/tests/paper/replay $(srcdir)/bench/*.sh $(srcdir)/tools/setup $(srcdir)/tools/demo \
	$(srcdir)/tests/run $(srcdir)/tests/fuzz $(srcdir)/.ci/run $(srcdir)/completions/dcc.bash)

lint:
	@$(srcdir)/tools/setup build check lint
	@$(MAKE) --no-print-directory -k lint-analyzer lint-cppcheck lint-format lint-man lint-shell

.PHONY: format lint-analyzer lint-cppcheck lint-format lint-man lint-shell
lint-analyzer: $(LINT_SRC:$(srcdir)/%.c=build/lint/%.o)
build/lint/%.o: $(srcdir)/%.c FORCE | $(GRAMMAR_H) $(BUILD)/start.inc
	@mkdir -p $(@D)
	$(call quiet,LINT)$(CC) $(ALL_CPPFLAGS) -I$(srcdir)/tests -I$(srcdir)/src/lib $(CHECK_CFLAGS) $(ALL_CFLAGS) -fanalyzer -Werror -c -o $@ $<
lint-cppcheck: $(GRAMMAR_H)
	cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr --enable=warning,performance,portability \
	    --suppress=missingIncludeSystem --suppress=allocaCalled --library=gtk \
	    -D'G_GNUC_PRINTF(a,b)=' -I$(srcdir)/src -I$(BUILD) -I$(srcdir) $(DEFINES) $(LINT_SRC)
lint-format:
	clang-format --dry-run -Werror $(LINT_SRC) $(LINT_H)
format:
	clang-format -i $(LINT_SRC) $(LINT_H)
lint-man:
	@for page in $(MAN); do echo "mandoc -Tlint $$page"; mandoc -Tlint -Wwarning $$page || exit 1; done
lint-shell:
	shellcheck -x -P $(srcdir) $(LINT_SH)

# --- fuzz ------------------------------------------------------------------

FUZZ_SECONDS ?= 60
FUZZERS = $(patsubst $(srcdir)/tests/%.c,build/fuzz/%,$(wildcard $(srcdir)/tests/fuzz_*.c))

fuzz:
	@$(srcdir)/tools/setup build fuzz
	@$(MAKE) --no-print-directory fuzz-run CC=clang BUILD=build/fuzz \
	    SAN_FLAGS='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -DDCC_SANITIZE'

.PHONY: fuzz-run
fuzz-run: $(FUZZERS)
	@for f in $(FUZZERS); do \
	    $(srcdir)/tests/fuzz $$f $(FUZZ_SECONDS) || exit 1; done

build/fuzz/fuzz_%: build/fuzz/obj/tests/fuzz_%.o $(LIB)
	$(call quiet,LINK)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(ALL_LIBS)

# --- bench -----------------------------------------------------------------

bench: all $(BENCHES)
	@export DCC=$(BUILD)/dcc DCC_PATH=$(srcdir)/dataflows:$(srcdir)/models:$(srcdir)/hardware:$(srcdir)/examples/sched; \
	for b in $(BENCHES) $(sort $(wildcard $(srcdir)/bench/*.sh)); do \
	    echo "== $$(basename $$b)"; $$b || exit 1; done

# --- paper -----------------------------------------------------------------

paper: all
	@DCC='$(BUILD)/dcc' sh $(srcdir)/tests/paper/replay

# --- install ---------------------------------------------------------------

# A path as what sed puts in: an & alone would be what was found.
as_sed = $(subst |,\|,$(subst &,\&,$(1)))

install: all
	$(INSTALL) -d "$(DESTDIR)$(bindir)"
	for t in $(TOOLS) $(SCRIPTS); do $(INSTALL) -m 755 $$t "$(DESTDIR)$(bindir)/" || exit 1; done
	$(INSTALL) -d "$(DESTDIR)$(libdir)/pkgconfig" "$(DESTDIR)$(includedir)"
	$(INSTALL) -m 644 $(srcdir)/src/lib/dcc.h "$(DESTDIR)$(includedir)/"
	$(INSTALL) -m 644 $(STATIC) "$(DESTDIR)$(libdir)/"
	$(INSTALL) -m 755 $(BUILD)/$(SONAME) "$(DESTDIR)$(libdir)/"
	[ -z "$(PLUGIN)" ] || { $(INSTALL) -d "$(DESTDIR)$(plugindir)" && $(INSTALL) -m 755 $(PLUGIN) "$(DESTDIR)$(plugindir)/"; }
	ln -sf $(SONAME) "$(DESTDIR)$(libdir)/libdcc.so"
	sed -e 's|@prefix@|$(call as_sed,$(prefix))|' -e 's|@libdir@|$(call as_sed,$(libdir))|' \
	    -e 's|@includedir@|$(call as_sed,$(includedir))|' \
	    -e 's|@version@|$(VERSION)|' $(srcdir)/src/lib/libdcc.pc.in >"$(DESTDIR)$(libdir)/pkgconfig/libdcc.pc"
	for page in $(MAN); do dir="$(DESTDIR)$(mandir)/man$${page##*.}"; \
	    $(INSTALL) -d "$$dir" && $(INSTALL) -m 644 $$page "$$dir/" || exit 1; done
	$(INSTALL) -d "$(DESTDIR)$(docdir)"
	$(INSTALL) -m 644 $(DOCS:%=$(srcdir)/%) "$(DESTDIR)$(docdir)/"
	$(INSTALL) -d "$(DESTDIR)$(BASH_COMPLETIONS)" "$(DESTDIR)$(ZSH_COMPLETIONS)" "$(DESTDIR)$(FISH_COMPLETIONS)"
	$(INSTALL) -m 644 $(srcdir)/completions/_dcc "$(DESTDIR)$(ZSH_COMPLETIONS)/"
	for t in $(notdir $(TOOLS)); do \
	    $(INSTALL) -m 644 $(srcdir)/completions/dcc.bash "$(DESTDIR)$(BASH_COMPLETIONS)/$$t" && \
	    $(INSTALL) -m 644 $(srcdir)/completions/dcc.fish "$(DESTDIR)$(FISH_COMPLETIONS)/$$t.fish" || exit 1; done
	$(INSTALL) -d "$(DESTDIR)$(pythondir)/dcc"
	$(INSTALL) -m 644 $(MODULE) "$(DESTDIR)$(pythondir)/dcc/"
	for dir in $(EXAMPLE_DIRS) $(EDITOR_DIRS); do $(INSTALL) -d "$(DESTDIR)$(pkgdatadir)/$$dir" || exit 1; \
	    for f in $(srcdir)/$$dir/*; do [ ! -f "$$f" ] || $(INSTALL) -m 644 "$$f" "$(DESTDIR)$(pkgdatadir)/$$dir/" || exit 1; done; done
	for kind in $(DATA_KINDS); do dir="$(DESTDIR)$(pkgdatadir)/$$kind"; \
	    $(INSTALL) -d "$$dir" || exit 1; \
	    for f in $(srcdir)/$$kind/*; do [ ! -f "$$f" ] || $(INSTALL) -m 644 "$$f" "$$dir/" || exit 1; done; done

uninstall:
	for t in $(notdir $(TOOLS) $(SCRIPTS)); do rm -f "$(DESTDIR)$(bindir)/$$t"; done
	rm -f "$(DESTDIR)$(includedir)/dcc.h" "$(DESTDIR)$(libdir)/pkgconfig/libdcc.pc"
	for f in libdcc.a libdcc.so $(SONAME); do rm -f "$(DESTDIR)$(libdir)/$$f"; done
	rm -f "$(DESTDIR)$(plugindir)/dcc-mpi.so"
	rmdir "$(DESTDIR)$(plugindir)" 2>/dev/null || true
	for page in $(notdir $(MAN)); do rm -f "$(DESTDIR)$(mandir)/man$${page##*.}/$$page"; done
	for kind in $(DATA_KINDS); do dir="$(DESTDIR)$(pkgdatadir)/$$kind"; \
	    for f in $(srcdir)/$$kind/*; do rm -f "$$dir/$$(basename "$$f")"; done; \
	    rmdir "$$dir" 2>/dev/null || true; done
	for t in $(notdir $(TOOLS)); do rm -f "$(DESTDIR)$(BASH_COMPLETIONS)/$$t" "$(DESTDIR)$(FISH_COMPLETIONS)/$$t.fish"; done
	rm -f "$(DESTDIR)$(ZSH_COMPLETIONS)/_dcc"
	for f in $(notdir $(MODULE)); do rm -f "$(DESTDIR)$(pythondir)/dcc/$$f"; done
	rm -rf "$(DESTDIR)$(pythondir)/dcc/__pycache__"
	rmdir "$(DESTDIR)$(pythondir)/dcc" 2>/dev/null || true
	for dir in $(EXAMPLE_DIRS) $(EDITOR_DIRS); do \
	    for f in $(srcdir)/$$dir/*; do [ ! -f "$$f" ] || rm -f "$(DESTDIR)$(pkgdatadir)/$$dir/$$(basename "$$f")"; done; done
	for dir in examples/start examples/sched examples/map examples $(EDITOR_DIRS); do rmdir "$(DESTDIR)$(pkgdatadir)/$$dir" 2>/dev/null || true; done
	rmdir "$(DESTDIR)$(pkgdatadir)" 2>/dev/null || true
	for f in $(DOCS); do rm -f "$(DESTDIR)$(docdir)/$$f"; done
	rmdir "$(DESTDIR)$(docdir)" 2>/dev/null || true

clean:
	rm -rf build

distclean: clean
	rm -rf config.mk config.log config.status configure autom4te.cache

configure: $(srcdir)/configure.ac
	cd $(srcdir) && autoconf

ifneq ($(wildcard config.status),)
config.mk: $(srcdir)/tools/config.mk.in config.status
	./config.status --quiet
endif

FORCE:

-include $(LIB_OBJ:.o=.d) $(BUILD)/obj/ranks/mpi/mpi.d $(TOOL_SRC:$(srcdir)/src/%.c=$(BUILD)/obj/%.d) $(DIFFERENTIAL_OBJ:.o=.d) \
	$(patsubst $(srcdir)/%.c,$(BUILD)/obj/%.d,$(UNIT_SRC) $(BENCH_SRC) $(wildcard $(srcdir)/tests/fuzz_*.c))
