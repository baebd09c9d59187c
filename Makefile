# GNU make.  make; make demo; make check; make install PREFIX=/usr DESTDIR=... PROGRAM_PREFIX=cognito-
#
# Everything that is built goes below O (build), so that several builds (O=build-asan
# CFLAGS=-fsanitize=...) can stand side by side.

VERSION := 0.1.0
O := build
PREFIX := /usr/local
BINDIR = $(PREFIX)/bin
DATADIR = $(PREFIX)/share/cognito-filters
MANDIR = $(PREFIX)/share/man
COMPDIR = $(PREFIX)/share/bash-completion/completions
PROGRAM_PREFIX :=
CC := cc
CFLAGS := -O2 -g
WERROR :=

# One file a command in cmd/; helper files NAME_part.c join their command; cmd/serve-pool/ is a folder.
CMDS := apply-cognito apply-scim assume-role check-connection confirm-absent \
	describe-pool emit-csv emit-json emit-ldif emit-scim expand-members fold-users \
	get-csv-header join-shards list-groups list-identity-pools list-scim list-user-pools \
	list-users map-attributes merge-stats parse-csv plan-sync pool-report push-import \
	push-scim serve-pool through unguard unseal
PIPELINES := backup-pool copy-pool export-csv export-fleet export-oci export-report \
	export-scim export-target nightly-delta provision-csv restore-pool sync-oci
BASE_LIBS := -lseccomp
NET_LIBS := -lcurl -lcrypto -lexpat
LIBS_apply-cognito := $(NET_LIBS)
LIBS_apply-scim := $(NET_LIBS)
LIBS_assume-role := $(NET_LIBS) -lmicrohttpd
LIBS_check-connection := $(NET_LIBS) -lssl
LIBS_confirm-absent := $(NET_LIBS)
LIBS_describe-pool := $(NET_LIBS)
LIBS_emit-scim := -ljq
LIBS_expand-members := $(NET_LIBS)
LIBS_get-csv-header := $(NET_LIBS)
LIBS_list-groups := $(NET_LIBS)
LIBS_list-identity-pools := $(NET_LIBS)
LIBS_list-scim := $(NET_LIBS)
LIBS_list-user-pools := $(NET_LIBS)
LIBS_list-users := $(NET_LIBS)
LIBS_map-attributes := -ljq
LIBS_parse-csv := -lcsv
LIBS_push-import := $(NET_LIBS)
LIBS_push-scim := $(NET_LIBS)
LIBS_serve-pool := -lmicrohttpd -lcrypto
LIBS_unguard := -lcsv

# What the packages of Debian 12 are called: to build, and on top of that to test.
BUILD_PACKAGES := gcc libc6-dev make libcurl4-openssl-dev libssl-dev libjq-dev libcsv-dev \
	libexpat1-dev libmicrohttpd-dev libseccomp-dev
RUN_PACKAGES := bash ca-certificates perl
CHECK_PACKAGES := clang clang-tidy libclang-rt-14-dev cppcheck shellcheck mandoc valgrind faketime \
	strace awscli python3-boto3 python3-botocore jq gojq curl miller csvkit postgresql slapd \
	ldap-utils libreoffice-calc-nogui nodejs:node npm:npm openssl fish parallel bash-completion \
	chromium:chromium
# And of those what the benchmarks need.
BENCH_PACKAGES := awscli python3-boto3 jq gojq miller csvkit nodejs:node npm:npm curl binutils \
	valgrind

# What single targets need.
SBOM_PACKAGES := jq binutils
SCAN_PACKAGES := clang-tools clang-tidy cppcheck shellcheck mandoc
DEB_PACKAGES := dpkg-dev debhelper lintian fakeroot debootstrap

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	-Wpointer-arith -Wwrite-strings -Wformat=2 -Wimplicit-fallthrough
CPPFLAGS_ALL = -Icommon -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE \
	-DPROG_VERSION_TEXT='"$(VERSION)"' $(CPPFLAGS)
# The paths in what is built are those in the tree, wherever the tree lies.
CFLAGS_ALL = -std=c11 $(WARN) $(WERROR) '-ffile-prefix-map=$(CURDIR)=.' @$(O)/flags.compile $(CFLAGS)
LDFLAGS_ALL = -Wl,--as-needed @$(O)/flags.link $(LDFLAGS)

SHELVES := net json base
SHELF_SRC = $(sort $(wildcard common/$(1)/*.c))
ARCHIVES := $(SHELVES:%=$(O)/lib%.a)
CMD_SRC = $(sort $(wildcard cmd/$(1).c cmd/$(1)_*.c cmd/$(1)/*.c))
UNIT := $(patsubst tests/unit/%.c,$(O)/unit/%,$(wildcard tests/unit/*.c))
TOOLS := $(patsubst tests/tools/%.c,$(O)/tools/%,$(wildcard tests/tools/*.c))
PROGRAMS := $(CMDS:%=$(O)/bin/%)

.PHONY: all unit tools demo check test lint layers fuzz fuzz-quick bench bench-growth \
	bench-startup bench-quick bench-deps hostile ledger-cuts pipeline-kills pipeline-secrets pools writes \
	soak soak-quick wire-matrix torture torture-quick torture-build \
	memcheck install uninstall dist clean deps \
	deps-check sbom reproducible scan deb deb-check
all: $(PROGRAMS)
unit: $(UNIT)
tools: $(TOOLS)

# Which hardening flags the compiler takes is asked once for a build directory, and again (then
# all is built anew) when the command line calls it otherwise than before.
ASKED := $(foreach v,CC CPPFLAGS CFLAGS LDFLAGS,$(if $(findstring command,$(origin $(v))),$(v)=$($(v))))
ifneq ($(strip $(ASKED)),)
ifneq ($(strip $(ASKED)),$(file <$(O)/flags.for))
.PHONY: $(O)/flags.for
endif
endif
$(O)/flags.for: tests/probe-flags
	@mkdir -p $(@D)
	@sh tests/probe-flags $(@D) $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS)
	@printf '%s\n' '$(subst ','\'',$(strip $(ASKED)))' >$@

$(O)/%.o: %.c $(O)/flags.for
	@mkdir -p $(@D)
	@echo "CC $@"
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

define SHELF_RULE
$(O)/lib$(1).a: $(patsubst %.c,$(O)/%.o,$(call SHELF_SRC,$(1)))
	@rm -f $$@
	@$(AR) rcsD $$@ $$^
endef
$(foreach s,$(SHELVES),$(eval $(call SHELF_RULE,$(s))))

# $(1) objects, $(2) libraries
LINK = @mkdir -p $(@D) && echo "LD $@" && \
	$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(1) $(ARCHIVES) $(2) $(BASE_LIBS) $(LDLIBS)

define CMD_RULE
$(O)/bin/$(1): $(patsubst %.c,$(O)/%.o,$(call CMD_SRC,$(1))) $(ARCHIVES)
	$$(call LINK,$$(filter %.o,$$^),$$(LIBS_$(1)))
endef
$(foreach c,$(CMDS),$(eval $(call CMD_RULE,$(c))))

# The same objects, linked so that our own allocations, and calls like them, can be made to fail.
TORTURE_WRAP = $(shell grep -ho '__wrap_[A-Za-z0-9_]*' tests/torture/nth*.c | sort -u | \
	sed 's/__wrap_/-Wl,--wrap=/')
$(O)/torture/libnth.a: $(patsubst %.c,$(O)/%.o,$(wildcard tests/torture/nth*.c))
	@mkdir -p $(@D) && rm -f $@
	@$(AR) rcs $@ $^
define TORTURE_RULE
$(O)/torture/bin/$(1): $(patsubst %.c,$(O)/%.o,$(call CMD_SRC,$(1))) $(ARCHIVES) $(O)/torture/libnth.a
	$$(call LINK,$$(filter %.o,$$^) $$(TORTURE_WRAP),$(O)/torture/libnth.a $$(LIBS_$(1)))
endef
$(foreach c,$(CMDS),$(eval $(call TORTURE_RULE,$(c))))
torture-build: all $(CMDS:%=$(O)/torture/bin/%)

# Unit tests, test tools and fuzz targets may use every shelf; --as-needed drops what they do not.
ALL_LIBS := $(NET_LIBS) -ljq -lcsv
$(O)/unit/%: $(O)/tests/unit/%.o $(ARCHIVES)
	$(call LINK,$<,$(ALL_LIBS))
$(O)/tools/%: $(O)/tests/tools/%.o $(ARCHIVES)
	$(call LINK,$<,$(ALL_LIBS))
$(O)/tools/fault-server: ALL_LIBS += -lssl
# It runs the command a thousand times in its own process, so it has the command in it.
PLAN_SYNC_PARTS := $(patsubst %.c,$(O)/%.o,$(filter-out %/main.c,$(call CMD_SRC,plan-sync)))
$(O)/tools/plan-cuts: $(O)/tests/tools/plan-cuts.o $(PLAN_SYNC_PARTS) $(ARCHIVES)
	$(call LINK,$(filter %.o,$^),)
# The page of pool-report with figures of its own.
$(O)/tools/draw-page: $(O)/tests/tools/draw-page.o \
		$(patsubst %.c,$(O)/%.o,$(wildcard cmd/pool-report/page*.c)) $(ARCHIVES)
	$(call LINK,$(filter %.o,$^),)

.SECONDARY:
-include $(shell find $(O) -name '*.d' 2>/dev/null)

# What compiles; the other targets do one thing after the other.
PARALLEL = $(MAKE) --no-print-directory -j$(shell nproc)

# The main job on a pool of invented people; installs what is missing first.
demo: deps
	@$(PARALLEL) -s all tools
	@pipelines/demo $(O)

# Everything that CI asks for; the suite itself comes last, so that its verdict is the last line.  A
# suite waits for half of its own time, and what is linked one by one for some: what stands beside it
# takes what they leave of the processors.
SANITIZE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
ASAN = $(PARALLEL) O=build-asan CC=clang CFLAGS='$(SANITIZE)' WERROR=-Werror
PHASE = tests/phase $(1) $(MAKE) --no-print-directory $(1)
check: deps-check
	@tests/phase build $(PARALLEL) WERROR=-Werror all unit tools
	@tests/phase layers tests/layers $(O)
	@tests/beside 'tests/phase memcheck tests/memcheck $(O)' \
		tests/phase 'build with sanitizers' $(ASAN) all unit tools torture-build
	@tests/beside 'tests/phase lint tests/lint $(O) && $(call PHASE,fuzz-quick)' \
		tests/phase 'suite with sanitizers' \
		tests/quiet build-asan/test.log tests/run build-asan
	@echo "the suite passes with address and undefined-behaviour sanitizers"
	@tests/beside '$(call PHASE,torture-quick) SEED=1 && $(call PHASE,bench-quick) && $(call PHASE,soak-quick)' \
		tests/run $(O)

test: all unit tools
	@tests/run $(O)

memcheck: unit
	@tests/memcheck $(O)

lint:
	@tests/lint $(O)

layers: all
	@tests/layers $(O)

# SECONDS of each target; a finding is left in $(O)/fuzz.
FUZZ_SECONDS := 300
fuzz:
	@tests/fuzz/run $(FUZZ_SECONDS)
# The corpus, and a little more.
fuzz-quick:
	@$(ASAN) -s all
	@OBJECTS=build-asan SEED=1 tests/fuzz/run 1

# N users; SIZES of pools; RESULTS, a file in which sizes measured one by one come together.
# tests/bench/readme puts what is printed into README.md and pages.
N := 200000
SIZES := 10000 100000 1000000
bench: bench-deps
	@$(PARALLEL) -s all tools
	@tests/bench/run $(O) $(N)
bench-growth: all tools
	@tests/bench/growth $(RESULTS:%=--results=%) $(O) $(SIZES)
bench-startup: bench-deps
	@$(PARALLEL) -s all
	@tests/bench/startup $(O)
# That all of it runs and agrees, with the peers that are there.
bench-quick: all tools
	@tests/bench/run $(O) 600
	@tests/bench/growth $(O) 500 1000
	@tests/bench/startup --quick $(O)

# Poisoned profiles in other combinations, through every target.
HOSTILE_SEEDS := 1 2 3 4 5
# Pipelines that write, killed at many places in place of one.
pipeline-kills: all tools
	@PIPELINE_KILLS=1 tests/run $(O) tests/provision-csv.t tests/nightly-delta.t \
		tests/restore-pool.t tests/backup-pool.t tests/sync-oci-full.t

# What each program of every pipeline is given, by environment and by argument.
pipeline-secrets: all tools
	@PIPELINE_SECRETS=1 tests/run $(O) tests/pipeline-secrets.t

# The ledger of plan-sync --have-ledger, cut at each of its bytes.
ledger-cuts: all tools
	@CUT_EVERY=1 tests/run $(O) tests/have-ledger.t

hostile: all tools
	@for seed in $(HOSTILE_SEEDS); do HOSTILE_SEED=$$seed \
		tests/run $(O) tests/hostile-data.t tests/hostile-pipelines.t tests/hostile-sync.t || exit 1; done

# Every network command against every fault of the wire at each of its requests; half an hour.
wire-matrix: all tools
	@MATRIX=all tests/run $(O) tests/wire-matrix.t

# serve-pool's writes against a slow pool; all random.
WRITES_SEEDS := 1 2 3 4 5 6 7 8 9 10
writes: all tools
	@for seed in $(WRITES_SEEDS); do WRITES_SEED=$$seed WRITES_STEPS=1000 \
		tests/run $(O) tests/serve-pool-writes.t || exit 1; done

# The demo's whole pool into an empty one, and killed in more places; a fleet of 200 pools.
pools: all tools
	@USERS=1000 KILLS='9 26 45 88 130' FLEET_POOLS=200 tests/run $(O) \
		tests/restore-pool.t tests/export-fleet.t

SOAK_N := 5000000
soak: all tools
	@tests/soak $(O) $(SOAK_N)
soak-quick: all tools
	@tests/soak $(O) 5000 50

# Everything fails, one after the other, in all commands; hours.  SEED: that of a sample.
torture:
	@$(ASAN) -s torture-build tools
	@tests/torture/run build-asan
torture-quick:
	@$(ASAN) -s torture-build tools
	@tests/torture/run build-asan --quick $(SEED)

install: all
	@sh tests/install-tree "$(DESTDIR)" "$(BINDIR)" "$(DATADIR)" "$(MANDIR)" "$(O)" \
		"$(PROGRAM_PREFIX)" "$(CMDS)" "$(PIPELINES)" "$(COMPDIR)"
uninstall:
	@for name in $(CMDS) $(PIPELINES); do \
		rm -f "$(DESTDIR)$(BINDIR)/$(PROGRAM_PREFIX)$$name" \
			"$(DESTDIR)$(COMPDIR)/$(PROGRAM_PREFIX)$$name" \
			"$(DESTDIR)$(MANDIR)/man1/$(PROGRAM_PREFIX)$$name.1"; done
	@rm -f "$(DESTDIR)$(MANDIR)/man5/cognito-records.5" \
		"$(DESTDIR)$(MANDIR)/man7/cognito-credentials.7" "$(DESTDIR)$(MANDIR)/man7/cognito-filters.7" \
		"$(DESTDIR)$(MANDIR)/man7/cognito-performance.7" \
		"$(DESTDIR)$(MANDIR)/man7/cognito-targets.7"
	@rm -rf "$(DESTDIR)$(DATADIR)"

dist:
	git -c tar.umask=0022 archive --format=tar.gz --prefix=cognito-filters-$(VERSION)/ \
		-o cognito-filters-$(VERSION).tar.gz HEAD

# What the commands are made of and linked with, as SPDX 2.3.
sbom: all
	@sh tests/install-packages $(SBOM_PACKAGES)
	@tests/sbom $(O) $(VERSION) $(CMDS) >$(O)/cognito-filters.spdx.json.tmp
	@mv $(O)/cognito-filters.spdx.json.tmp $(O)/cognito-filters.spdx.json

# That two builds give the same bytes: of all, packages included.  The suite has a short form.
reproducible: deps
	@sh tests/install-packages $(DEB_PACKAGES) $(SBOM_PACKAGES)
	@tests/reproducible

# Every static check there is; a finding is an error.  lint is the part that CI runs.
scan: deps-check
	@sh tests/install-packages $(SCAN_PACKAGES)
	@tests/scan $(O)

# The Debian package, in $(O)/deb; deb-check looks at it, and tries it in a tree of Debian's own (as
# root; TREE, a tree that is there already, is copied instead of being made).
deb: deps
	@sh tests/install-packages $(DEB_PACKAGES)
	@tests/deb build $(O)/deb
deb-check: deb
	@tests/deb check $(O)/deb $(TREE)

deps:
	@sh tests/install-packages $(BUILD_PACKAGES) $(RUN_PACKAGES)
deps-check: deps
	@sh tests/install-packages $(CHECK_PACKAGES)
	@sh tests/install-npm
# What npm cannot install is left out of the table and named there.
bench-deps: deps
	@sh tests/install-packages $(BENCH_PACKAGES)
	@sh tests/install-npm
	-@sh tests/install-npm tests/bench build/npm-bench

clean:
	rm -rf $(O) build-*
