# shellcheck shell=bash
# PostgreSQL on a cluster of the test's own, in ./pg, with a socket there; what lies in ./pg before
# this is sourced (behind lib.sh) becomes the server's.  It goes when the test ends.
#
#   sql ARG...	psql(1) on it

postgres_bin=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
postgres_bin=${postgres_bin%/initdb}
as=()
chmod 711 .
mkdir -p pg
if [ "$(id -u)" -eq 0 ]; then
	as=(runuser -u postgres --)
	chown -R postgres pg
fi
pg() { "${as[@]}" env PATH="$postgres_bin:$PATH" LC_ALL=C.UTF-8 "$@"; }
postgres_stop() { pg pg_ctl -D "$T/pg/data" -m immediate -w stop >/dev/null 2>&1; }
postgres_start() (
	cd pg && pg initdb -D "$T/pg/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync &&
		pg pg_ctl -D "$T/pg/data" -w -l "$T/pg/log" \
			-o "-c listen_addresses= -c fsync=off -k '$T/pg'" start >start.out 2>&1
)
sql() { (cd pg && pg psql -X -q -v ON_ERROR_STOP=1 -h "$T/pg" -U postgres -At -d postgres "$@"); }

trap 'postgres_stop; [ -n "${KEEP:-}" ] || rm -rf "$T"' EXIT
title 'PostgreSQL is there and starts'
ok postgres_start
