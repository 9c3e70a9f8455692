# Names of commands, no logic: that stands in scripts/.
.PHONY: run test dev lint bench content help

help:            ## these names
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/'

run:             ## prepare the machine, build, serve on 127.0.0.1:3000
	@scripts/run.sh

test:            ## prepare the machine, run every test
	@scripts/test.sh

dev:             ## rebuild on change, with debug builds
	@scripts/dev.sh

lint:            ## formats, clippy, style sheets
	@scripts/lint.sh

bench:           ## measurements beside the peers
	@scripts/bench.sh

content:         ## the plan's Akoma Ntoso anew from its source text
	@scripts/content.sh
