# fleet.mk: the user pools of a list, a target for each.  See export-fleet(1).
#
#     make -f …/share/cognito-filters/fleet.mk -k -j8 POOLS=pools.ndjson
#     make -f …/share/cognito-filters/fleet.mk us-east-1_EXAMPLE1
#
# POOLS is what list-user-pools(1) writes with --seal, and is made if it is not there.  Each pool is
# exported into FLEET_DIR/POOL, as export-target(1) does it, and has a target of its own, by its id.  A
# pool has no date of change, the list has: a newer list begins a new run, and as long as it is the
# same, make goes on with those that have not ended well since.  With -k a pool that fails does not
# stop the others.  Records that had to be left out lie in *.rejects.ndjson, and with them a make still
# ends well; FLEET_DIR/POOL/summary.json counts what was read, and what was left out.
#
# The pools are known from the list alone, so "make -n" has it made, and asks the service, if it is not
# there.
#
# Set on the command line, in the environment or before an include:
#
#     POOLS               the list (pools.ndjson)
#     FLEET_DIR           where the pools' directories are (fleet)
#     FLEET_TARGET        what they are exported for (csv)
#     FLEET_FLAGS         options for export-target, such as --fold
#     FLEET_ROLE_ARN      a role for all of them; FLEET_EXTERNAL_ID its external ID
#     COGNITO_FLAGS       options for all commands that ask the service, such as --share 25
#     AWS_REGION          and what else the commands read; a pool's Region is in its id
#
# One list is of one account and Region: several makes, each with POOLS and FLEET_DIR of its own, share
# the quotas of an account and Region as all commands do, and export-fleet does all of it at once.
PROGRAM_PREFIX =
fleet_goal := $(.DEFAULT_GOAL)
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -ec
.DELETE_ON_ERROR:

export COGNITO_SEAL := 1
POOLS ?= pools.ndjson
FLEET_DIR ?= fleet
FLEET_TARGET ?= csv
FLEET_FLAGS ?=
FLEET_ROLE_ARN ?=
FLEET_EXTERNAL_ID ?=
COGNITO_FLAGS ?=

$(foreach name,POOLS FLEET_DIR,$(if $(filter 1,$(words $($(name)))),,$(error $(name): one name without blanks)))

fleet_role = $(if $(FLEET_ROLE_ARN),$(PROGRAM_PREFIX)assume-role --role-arn $(FLEET_ROLE_ARN) \
	$(if $(FLEET_EXTERNAL_ID),--external-id $(FLEET_EXTERNAL_ID)) --)

.PHONY: fleet
fleet:

$(POOLS):
	umask 077; $(fleet_role) $(PROGRAM_PREFIX)list-user-pools $(COGNITO_FLAGS) -o $@

# The ids as make takes them in, of a list that is whole; Q1 (GNU sed) where a line holds no pool.
$(FLEET_DIR)/pools.mk: $(POOLS)
	@umask 077; mkdir -p $(@D)
	@umask 077; $(PROGRAM_PREFIX)unseal --whole $< | \
		sed 's/^{"Id":"\([a-z0-9-]*_[0-9A-Za-z][0-9A-Za-z]*\)"[,}].*/fleet_pools += \1/; t; Q1' >$@.new || \
		{ echo '$<: not a whole list of pools' >&2; rm -f $@.new; exit 1; }
	@mv -f $@.new $@

fleet_pools :=
include $(FLEET_DIR)/pools.mk

fleet: $(fleet_pools)

.PHONY: $(fleet_pools)
$(fleet_pools): %: $(FLEET_DIR)/%/summary.json

# The summary is written when all else is in place.  3 is a good end: some records were rejected.
$(fleet_pools:%=$(FLEET_DIR)/%/summary.json): $(FLEET_DIR)/%/summary.json: $(POOLS)
	$(fleet_role) $(PROGRAM_PREFIX)export-target -d $(@D) --user-pool-id $* \
		--region $(firstword $(subst _, ,$*)) $(COGNITO_FLAGS) $(FLEET_FLAGS) --summary $@ $(FLEET_TARGET) || [ $$? -eq 3 ]

# The goal of a plain "make" is the including makefile's business.
.DEFAULT_GOAL := $(or $(fleet_goal),fleet)
