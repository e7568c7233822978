#!/usr/bin/env bash
# Runs all that must hold before a change lands. ./test.sh runs every step; ./test.sh STEP… only those named, in that order.
#
# It needs Go and bash. The race detector also needs a C compiler: as root on Debian the script installs one, elsewhere it says that
# the step is left out. It stops at the first failure and prints the command that repeats it.
set -euo pipefail
cd "$(dirname "$0")"

all='format tidy vet lint build test race quality bench store system'
lint=honnef.co/go/tools/cmd/staticcheck@v0.8.2 # release 2026.2.2
core='problem quant when vocab fact rule bom law party exposure enforce decide licence app'

step_format() { # every Go file is as gofmt writes it
	local odd
	odd=$(gofmt -l .)
	[ -z "$odd" ] || { printf 'not as gofmt writes it (gofmt -w .):\n%s\n' "$odd"; return 1; }
}

step_tidy() { # go.mod and go.sum name what is imported, no more; bench follows the versions of the product
	go mod tidy -diff || { echo 'mend it with: go mod tidy'; return 1; }
	in_bench go mod tidy -diff || { echo 'mend it with: cd bench && go mod tidy'; return 1; }
}

step_vet() {
	go vet -tags system ./...
	in_bench go vet ./...
}

step_lint() {
	go run "$lint" -tags system ./...
	in_bench go run "$lint" ./...
}

step_build() { # one binary, without C, that finds the law inside itself
	CGO_ENABLED=0 go build -o "$scratch/lodestone" ./cmd/lodestone
	"$scratch/lodestone" screen --item 'description=GaAs wafer; from=CN; destination=KR' --on 2024-01-01 >/dev/null
}

step_test() { go test ./...; }

step_race() { # the core and the use cases, where goroutines share a book
	local name dirs=()
	need gcc gcc libc6-dev || { echo 'left out: the race detector needs gcc, which this machine has not'; return 0; }
	for name in $core; do
		if [ -d "internal/$name" ]; then dirs+=("./internal/$name/..."); fi
	done
	CGO_ENABLED=1 go test -race -short "${dirs[@]}"
}

step_quality() { # the gate: no labelled truth may be judged worse than it was
	if [ -d quality ]; then go run ./quality; else echo 'left out: there is no folder quality'; fi
}

step_bench() { in_bench go test -short ./...; } # the benchmarks still build and agree; make bench measures

step_store() { # the tests of the database on PostgreSQL as well: on the server that LODESTONE_TEST_POSTGRES names, else on one started here
	with_postgres || { echo 'left out: there is no PostgreSQL, and it cannot be installed here'; return 0; }
	go test ./internal/store ./internal/fleet
}

with_postgres() { [ -n "${LODESTONE_TEST_POSTGRES:-}" ] || start_postgres; }

# start_postgres starts a server of its own on a socket and a free port below the scratch folder; finish stops it.
start_postgres() {
	local port=$((20000 + RANDOM % 20000))
	as=() # as whom the server runs
	need pg_lsclusters postgresql || return
	pg=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
	mkdir "$scratch/pg"
	if [ "$(id -u)" = 0 ]; then # the server refuses to run as root
		chmod 711 "$scratch"
		chown postgres "$scratch/pg"
		as=(runuser -u postgres --)
	fi
	"${as[@]}" "$pg/initdb" -D "$scratch/pg/data" -U lodestone --auth=trust --no-sync >"$scratch/initdb" || { cat "$scratch/initdb"; return 1; }
	"${as[@]}" "$pg/pg_ctl" -D "$scratch/pg/data" -l "$scratch/pg/log" -w -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c fsync=off" start >/dev/null || { cat "$scratch/pg/log"; return 1; }
	stop_postgres() { "${as[@]}" "$pg/pg_ctl" -D "$scratch/pg/data" -m immediate stop >/dev/null; }
	export LODESTONE_TEST_POSTGRES="postgres://lodestone@127.0.0.1:$port/postgres?sslmode=disable"
}

step_system() { # tests that start servers and browsers stand behind the build tag system
	with_postgres || echo 'left out: there is no PostgreSQL, and it cannot be installed here'
	local dirs
	dirs=$(find cmd internal -name '*_test.go' -exec grep -lE '^//go:build .*\bsystem\b' {} + | xargs -r dirname | sort -u | sed 's|^|./|') || true
	[ -n "$dirs" ] || { echo 'left out: no test has the build tag system'; return 0; }
	need chromium chromium || echo 'left out: pages in a browser, since this machine has no chromium'
	mkdir -p bin/system # pictures of the pages are kept there
	go test -tags system -artifacts -outputdir "$PWD/bin/system" -v $dirs >"$scratch/system" 2>&1 || { grep -v '^=== ' "$scratch/system"; return 1; }
	grep -E '^ok|measured:|left out:' "$scratch/system"
}

in_bench() { (cd bench && "$@"); }

# need COMMAND PACKAGE… installs Debian packages where the command is missing and we may; it fails where the command stays missing.
need() {
	local command=$1
	shift
	command -v "$command" >/dev/null && return
	[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return
	echo "installing $*"
	(export DEBIAN_FRONTEND=noninteractive && apt-get -qq update && apt-get -qq install -y --no-install-recommends "$@") >"$scratch/apt" 2>&1 ||
		cat "$scratch/apt"
	command -v "$command" >/dev/null
}

for name in "$@"; do
	declare -F "step_$name" >/dev/null || { echo "$name is no step; there are: $all"; exit 2; }
done

scratch=$(mktemp -d)
step=
finish() {
	local status=$?
	if declare -F stop_postgres >/dev/null; then stop_postgres; fi
	rm -rf "$scratch"
	[ $status = 0 ] || printf '\nFAILED: %s. Repeat with: ./test.sh %s\n' "$step" "$step"
}
trap finish EXIT

for step in ${*:-$all}; do
	printf '== %s\n' "$step"
	from=$SECONDS
	"step_$step"
	printf '   %s: %d s\n' "$step" $((SECONDS - from))
done
