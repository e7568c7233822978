# Forwards only: each target is one command that also runs without make.

.PHONY: build test quality bench generate release

build:
	CGO_ENABLED=0 go build -trimpath -o bin/lodestone ./cmd/lodestone

test:
	./test.sh

quality:
	go run ./quality

bench:
	cd bench && go run .

generate:
	go generate ./...

release:
	go run ./cmd/release
