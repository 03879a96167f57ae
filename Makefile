# firesteel. `make help` lists the targets.
MODE    ?= release
CC      ?= cc
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION := 0.1.0

ROOMS   := $(shell sed -n 's/^\([a-z]*\):.*/\1/p' tests/rooms)
B       := build/$(MODE)
BIN     := $(if $(filter release,$(MODE)),build/firesteel,$(B)/firesteel)

PKGS    := ncursesw sqlite3 yaml-0.1 libzstd zlib liblz4 libbrotlidec libbrotlienc libpcre2-8 libutf8proc libcjson
WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wno-missing-field-initializers \
           $(if $(findstring clang,$(CC)),,-Wno-format-truncation)
OPT_release := -O2 -g
OPT_debug   := -Og -g
OPT_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPT_ubsan   := -O1 -g -fsanitize=undefined -fno-sanitize-recover=undefined
OPT_tsan    := -O1 -g -fsanitize=thread
OPT     := $(OPT_$(MODE))
CFLAGS  += -std=c11 -D_GNU_SOURCE -DFST_VERSION='"$(VERSION)"' $(WARN) $(WERROR) $(OPT) -fstack-protector-strong -D_FILE_OFFSET_BITS=64 -ffp-contract=off
CPPFLAGS += -Iinclude -I$(B)/gen $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LDFLAGS += $(OPT)
LIBS    := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lpthread -ldl -lm

SRCS    := $(sort $(wildcard $(addprefix src/,$(addsuffix /*.c,$(ROOMS)))))
OBJS    := $(SRCS:src/%.c=$(B)/%.o)
LIBDIR  := $(B)/lib
V       ?= 0
Q       := $(if $(filter 0,$(V)),@,)
say      = $(if $(filter 0,$(V)),@printf '  %-5s %s\n' $(1) $(2),@:)

.PHONY: all help debug asan ubsan tsan check test demo demo-spark lint format pictures bench fuzz docs install uninstall clean

all: $(BIN)

help:
	@sed -n 's/^## //p' Makefile

## make              build/firesteel (optimised)
## make debug|asan|ubsan|tsan   the same name under build/<mode>/
debug asan ubsan tsan:
	$(Q)$(MAKE) --no-print-directory MODE=$@ all

# ---- Objects, one archive a room, the program ------------------------------------------------
$(B)/%.o: src/%.c | $(B)/gen/embedded.h
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -Isrc/$(firstword $(subst /, ,$*)) -MMD -MP -c $< -o $@

define room_rules
$(LIBDIR)/$(1).a: $(filter $(B)/$(1)/%.o,$(OBJS))
	$$(call say,AR,$$@)
	$(Q)mkdir -p $$(@D) && rm -f $$@ && ar rcs $$@ $$^
endef
$(foreach r,$(ROOMS),$(eval $(call room_rules,$(r))))
LIBS_ALL := $(foreach r,$(ROOMS),$(LIBDIR)/$(r).a)

# Files that are compiled in: themes, the PySpark driver. name -> fst_embedded_<name>.
EMBED := $(wildcard themes/*.yaml src/engine/*.py src/app/*.yaml)
$(B)/gen/embedded.h: tests/tools/embed.sh $(EMBED)
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D) && sh tests/tools/embed.sh $(EMBED) > $@.tmp && mv $@.tmp $@

$(BIN): $(B)/main.o $(LIBS_ALL)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(B)/main.o -Wl,--start-group $(LIBS_ALL) -Wl,--end-group $(LIBS)

# ---- Unit tests: tests/<room>/test_*.c, each linked with its room and those it may include ------
ROOM    ?= $(ROOMS)
TESTS   := $(wildcard $(foreach r,$(ROOM),tests/$(r)/test_*.c))
TESTBINS := $(TESTS:tests/%.c=$(B)/tests/%)
# A room and what it may include, and what those may include in turn: a program links all of them.
$(foreach r,$(ROOMS),$(eval MAY_$(r) := $(r) $(shell sed -n 's/^$(r)://p' tests/rooms)))
spread   = $(sort $(foreach r,$(1),$(MAY_$(r))))
reach    = $(call spread,$(call spread,$(call spread,$(1))))
SUPPORT := $(wildcard tests/support/*.c)

define test_rules
$(B)/tests/$(1)/%: tests/$(1)/%.c $(foreach r,$(call reach,$(1)),$(LIBDIR)/$(r).a) $(SUPPORT)
	$$(call say,TEST,$$@)
	$(Q)mkdir -p $$(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -MF $$@.d -Isrc/$(1) -Itests/support $(LDFLAGS) -o $$@ $$< $(SUPPORT) \
	  -Wl,--start-group $(foreach r,$(call reach,$(1)),$(LIBDIR)/$(r).a) -Wl,--end-group $(LIBS) -lcmocka
endef
$(foreach r,$(ROOM),$(eval $(call test_rules,$(r))))

## make check [ROOM="data io"] [MODE=asan]   the quick tests: seconds, no Java
export FIRESTEEL_PYTHON ?= $(CURDIR)/build/venv/bin/python
export FIRESTEEL_TESTDATA ?= $(CURDIR)/../shared/testdata
check: $(TESTBINS) $(if $(filter-out $(ROOM),$(ROOMS)),,$(BIN))
	$(Q)sh tests/tools/run-unit.sh $(TESTBINS)

## make demo         build, make a demo workspace under build/demo, open it (or do the main job as verbs)
demo:
	$(Q)sh tests/tools/deps.sh build
	$(Q)$(MAKE) --no-print-directory all
	$(Q)sh tests/tools/demo.sh

## make demo-spark   the same on a real Spark (installs Java and pyspark under build/venv)
demo-spark:
	$(Q)sh tests/tools/deps.sh spark
	$(Q)$(MAKE) --no-print-directory all
	$(Q)sh tests/tools/demo.sh spark

## make test         everything: lint, unit tests, sanitizers, screens, real Spark; installs what it needs
test:
	$(Q)sh tests/tools/deps.sh test
	$(Q)$(MAKE) --no-print-directory -j2 all
	$(Q)bash tests/tools/run-all.sh

## make bench        figures beside their bars
bench: all build/bench-write
	$(Q)$(FIRESTEEL_PYTHON) tests/bench/bench.py

build/bench-write: tests/bench/write.c $(LIBS_ALL)
	$(call say,LD,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< -Wl,--start-group $(LIBS_ALL) -Wl,--end-group $(LIBS)

## make fuzz         every parser against mutated input, under the sanitizers, for longer
fuzz:
	$(Q)FIRESTEEL_FUZZ=100 $(MAKE) --no-print-directory check MODE=asan

## make docs         what is generated from the tables: keys, verbs, settings, functions
docs: build/docs-tool
	$(Q)sh tests/tools/docs.sh

## make pictures     the pictures of the README, drawn by the program itself
pictures: all
	$(Q)sh tests/tools/pictures.sh

build/docs-tool: tests/tools/docs.c $(LIBS_ALL)
	$(call say,LD,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< -Wl,--start-group $(LIBS_ALL) -Wl,--end-group $(LIBS)

## make install      PREFIX=/usr/local DESTDIR=
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/firesteel/themes
	install -m 755 -s $(BIN) $(DESTDIR)$(PREFIX)/bin/firesteel
	install -m 644 docs/firesteel.1 $(DESTDIR)$(PREFIX)/share/man/man1/firesteel.1
	install -m 644 themes/*.yaml $(DESTDIR)$(PREFIX)/share/firesteel/themes/

uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/bin/firesteel $(DESTDIR)$(PREFIX)/share/man/man1/firesteel.1 $(DESTDIR)$(PREFIX)/share/firesteel

## make lint         walls between rooms, formatting, no warnings on gcc and clang
lint:
	$(Q)python3 tests/tools/walls.py
	$(Q)$(MAKE) --no-print-directory build/docs-tool && sh tests/tools/docs.sh --check
	$(Q)clang-format --dry-run -Werror $$(git ls-files '*.c' '*.h')
	$(Q)$(MAKE) --no-print-directory WERROR=-Werror CC=gcc MODE=lint-gcc OPT=-O1 all
	$(Q)$(MAKE) --no-print-directory WERROR=-Werror CC=clang MODE=lint-clang OPT=-O1 all

format:
	$(Q)clang-format -i $$(git ls-files '*.c' '*.h')

clean:
	$(Q)rm -rf build

-include $(OBJS:.o=.d) $(B)/main.d $(wildcard $(B)/tests/*/*.d)
