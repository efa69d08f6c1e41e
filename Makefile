# Each target is a command that also works by hand. `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help build test check fmt lint cover bench campaign damage proofs restores kill power races same example needs

TOOL := go tool -modfile=tools/go.mod
OFFERS ?= 100000

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## the binary, ./tender
	go build -trimpath -o tender ./cmd/tender

test: needs lint ## everything: format, vet, staticcheck, all tests under the race detector with the fuzz seeds
	$(TOOL) gotestsum --format pkgname --post-run-command tools/closing-line -- -race -timeout 30m ./...

check: ## the quick look before a commit: vet and the tests, without the race detector
	go vet ./...
	go test ./...

fmt: ## format the code
	$(TOOL) gofumpt -w .

lint: ## what must be clean: gofumpt, go vet, staticcheck
	@unformatted="$$($(TOOL) gofumpt -l .)"; \
	if [ -n "$$unformatted" ]; then printf 'not formatted, run make fmt:\n%s\n' "$$unformatted"; exit 1; fi
	go vet ./...
	$(TOOL) staticcheck ./...

cover: ## coverage by package, and cover.html
	go test -coverprofile=cover.out ./...
	go tool cover -html=cover.out -o cover.html

bench: ## time tender allocate beside its peers, outputs compared first; writes docs/performance.md
	go run ./bench -o docs/performance.md
	go run ./bench/intake -o docs/performance.md

campaign: ## the engine against the second implementation over 100,000 generated offers
	go test ./internal/reference -run TestAgree -timeout 2h -v -offers $(OFFERS)

damage: ## flip every bit of a bundle, cut it at every byte; 10,000 drops, swaps, repeats, splices (about 8 minutes)
	go test ./journal -run TestEvery -all-damage -v -timeout 2h

proofs: ## 10,000 inclusion and 1,000 consistency proofs, in Go and by the checker in Python; cut-off tails (about a minute)
	go test ./journal -run 'TestTenThousandReceipts|TestAThousandCheckpoints|TestPython|TestACutOffTail' -v -proofs 10000

restores: ## a backup and a bundle restored to 200 random entries each, byte for byte
	go test ./internal/cli -run TestRestoredToAnyEntry -v -restores 200

KILLS ?= 1000
POINTS ?= 20
kill: ## kill -9 what appends, 1,000 times on each store and 20 times at each named point; PostgreSQL's server crashes too
	go test ./internal/sqlite ./internal/postgres -run TestKill -v -timeout 2h -kills $(KILLS) -points $(POINTS)

CUTS ?= 100000
FAULTS ?= 500
power: ## 100,000 power cuts in recorded system calls, and disks that fail at each of the first 500 writes and syncs
	go test ./internal/sqlite -run 'TestPowerCut|TestFailingDisk' -v -timeout 6h -cuts $(CUTS) -faults $(FAULTS)

RACES ?= 10000
RUSH ?= 100000
races: ## 10,000 proposals that ten sessions decide on at once and 100,000 commands within 5 ms of a deadline, on each store
	go test ./internal/desk -run 'Race|TestClockJumps' -v -timeout 6h -races $(RACES) -rush $(RUSH)

JOURNALS ?= 10000
same: ## 10,000 journals give the same bytes in 9 ways on each store, and as a 32-bit program
	digests=$$(mktemp -u) && \
	go test ./internal/desk -run TestSameBytes -v -timeout 12h -every-way -journals $(JOURNALS) -digests $$digests && \
	GOARCH=386 CGO_ENABLED=0 go test ./internal/desk -run TestSameBytes -v -timeout 12h -journals $(JOURNALS) -digests $$digests; \
	status=$$?; rm -f $$digests; exit $$status

example: ## write the made-up book of examples/level3-2004 again
	go run ./examples/level3-2004/generate > examples/level3-2004/book.csv

needs: ## install what the tests need beside Go: a C compiler, PostgreSQL, strace
	@tools/install-needs
