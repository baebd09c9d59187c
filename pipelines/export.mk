# export.mk: a user pool as CSV for makefiles.  See export-csv(1) and export-oci(1).
#
#     include …/share/cognito-filters/export.mk
#
# brings the targets
#
#     users.csv groups.csv memberships.csv    the pool under Cognito's own names
#     Users.csv Groups.csv                    for an identity domain of Oracle
#     users.ndjson groups.ndjson memberships.ndjson
#                                             the records (cognito-records(5)), for rules of yours
#
# A pool has no date of change, so the records are read anew by every make, each kind once; a CSV
# file whose content is the same as before keeps its date, so that rules behind it rest.  Every
# file is replaced whole or not at all, is readable by its owner only, and is written from streams
# whose seals were checked.  Records that had to be left out lie with the reasons in
# *.rejects.ndjson, those that are wrong as the service gave them in read-*.rejects.ndjson; with them
# a make still ends well.
#
# Set before the include, on the command line or in the environment:
#
#     COGNITO_USER_POOL_ID    and what else the commands read: AWS_REGION, the credentials, …
#     COGNITO_FLAGS           options for the commands that talk to the service, such as --max-rate 5
#     COGNITO_GROUP_FILE      a file of group names: only these groups and their members
#     OCI_USERS_FLAGS         options for the mapping oci-users, such as --arg login=email
#
# The shell, its flags and COGNITO_SEAL count for the whole makefile: a failed stage fails its rule,
# whatever stands behind it in the pipe, and foreign filters belong behind through(1) or unseal(1).
PROGRAM_PREFIX =
export_goal := $(.DEFAULT_GOAL)
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -ec
.DELETE_ON_ERROR:

export COGNITO_SEAL := 1
COGNITO_FLAGS ?=
COGNITO_GROUP_FILE ?=
OCI_USERS_FLAGS ?=

export_dir := $(dir $(lastword $(MAKEFILE_LIST)))
# without_rejected, which stands in the scripts' library.
export_lib = export PROGRAM_PREFIX='$(PROGRAM_PREFIX)'; . '$(export_dir)lib.bash'
# 3 is a good end: some records were rejected, and are in the file of --reject.
or_rejects = || [ $$? -eq 3 ]
emit = $(PROGRAM_PREFIX)emit-csv --if-changed -o $@ --reject $(basename $@).rejects.ndjson

# What our commands put in its place is whole, and they leave nothing half done there: make(1), which
# deletes what an interrupted rule has touched, must leave it alone.
.PRECIOUS: users.ndjson groups.ndjson memberships.ndjson users.csv groups.csv memberships.csv \
	Users.csv Groups.csv oci-users.ndjson oci-members.ndjson oci-groups.ndjson

# A service that has come to speak in another way must not look like one that has nobody: the last
# step of a rule that reads users.  (The seal is a line.)
take_users = @[ ! -s read-users.rejects.ndjson ] || [ "$$(wc -l <$@.new)" -gt 1 ] || \
		{ echo '$@: all users that the service gave were rejected' >&2; rm -f $@.new; exit 5; }; \
	mv -f $@.new $@

.PHONY: export-always
export-always:

groups.ndjson: $(COGNITO_GROUP_FILE) export-always
	$(PROGRAM_PREFIX)list-groups $(COGNITO_FLAGS) -o $@ $(if $(COGNITO_GROUP_FILE),--names-from $<)

memberships.ndjson: groups.ndjson export-always
	$(PROGRAM_PREFIX)expand-members $(COGNITO_FLAGS) -o $@ \
		--reject read-memberships.rejects.ndjson $< $(or_rejects)

# Users are read last, so that whoever joined a group meanwhile is known as a user.
ifeq ($(COGNITO_GROUP_FILE),)
users.ndjson: memberships.ndjson export-always
	$(PROGRAM_PREFIX)list-users $(COGNITO_FLAGS) --reject read-users.rejects.ndjson | \
		$(PROGRAM_PREFIX)expand-members --members $< -o $@.new \
			--reject read-users-2.rejects.ndjson $(or_rejects)
	$(take_users)
else
users.ndjson: groups.ndjson export-always
	$(PROGRAM_PREFIX)expand-members $(COGNITO_FLAGS) --users -o $@.new \
		--reject read-users.rejects.ndjson $< $(or_rejects)
	$(take_users)
endif

users.csv: users.ndjson
	$(PROGRAM_PREFIX)map-attributes --reject users-2.rejects.ndjson -e '.Groups |= flat' $< | \
		$(emit) --layout cognito-users $(or_rejects)

groups.csv: groups.ndjson
	$(emit) --layout cognito-groups $< $(or_rejects)

memberships.csv: memberships.ndjson
	$(emit) --layout cognito-memberships $< $(or_rejects)

oci-users.ndjson: users.ndjson
	$(PROGRAM_PREFIX)map-attributes -m oci-users $(OCI_USERS_FLAGS) -o $@ \
		--reject oci-users.rejects.ndjson $< $(or_rejects)

Users.csv: oci-users.ndjson
	$(emit) --layout oci-users $< $(or_rejects)

# Members under the very names that Users.csv has, and only those whose row is in it.
oci-members.ndjson: oci-users.ndjson Users.csv
	$(export_lib); without_rejected Users.rejects.ndjson <$< | \
		$(PROGRAM_PREFIX)map-attributes -o $@ \
			-e '."User ID" as $$name | .Groups[] | {GroupName: ., Username: $$name}'

# Groups with the name of an earlier one but for case: large groups take several records, so this
# has to be seen before their members join them.
oci-groups.ndjson: groups.ndjson
	$(PROGRAM_PREFIX)emit-csv --layout group-names \
		--reject oci-groups-repeated.rejects.ndjson <$< >/dev/null $(or_rejects)
	$(export_lib); without_rejected oci-groups-repeated.rejects.ndjson -o $@ <$<

Groups.csv: oci-groups.ndjson oci-members.ndjson
	$(PROGRAM_PREFIX)expand-members --members oci-members.ndjson $< | \
		$(PROGRAM_PREFIX)map-attributes -m oci-groups --reject oci-groups.rejects.ndjson | \
		$(emit) --layout oci-groups $(or_rejects)

# The goal of a plain "make" is the including makefile's business.
.DEFAULT_GOAL := $(export_goal)
