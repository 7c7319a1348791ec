# Every command a person needs; `make` alone lists them. The work is done by scripts/ and `cargo xtask`.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help run test check fmt generate style-thumbs furniture eval-rooms eval-light bench

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do printf '  make %-12s %s\n' "$$name" "$$what"; done

run: ## build the UI and the release binary, start on 127.0.0.1:8080 with SQLite and local files in ./data
	@scripts/run.sh

test: ## the whole proof: formatting, lints, boundaries, Rust and web tests on both databases, browser tests
	@scripts/test.sh

check: ## the fast loop: formatting, boundaries, lints and tests of what differs from the last commit (BASE=<commit>)
	@scripts/check.sh

fmt: ## format the Rust and web sources
	@cargo fmt --all
	@npm --prefix web run --silent format

generate: ## make the generated files anew: reference docs, OpenAPI document, the UI's types, licence texts
	@UPDATE_DOCS=1 cargo test --quiet --package vitrine-app --test it documents
	@scripts/web.sh install
	@npm --prefix web run --silent api
	@cargo xtask notices

furniture: ## fetch Debian's Sweet Home 3D furniture and import the shortlist into ./data (DEB=<file>)
	@DEB="$(DEB)" scripts/furniture.sh

style-thumbs: ## draw the pictures of the style picker anew
	@cargo run --release --locked --quiet --package vitrine-scene --example style_thumbs -- crates/staging/samples/v01_sunny_living_room.jpg web/public/styles

eval-rooms: ## measure the staging engine on photographs with ground truth (ROOMS=<folder>)
	@[ -d "$(ROOMS)/photos" ] || [ -f "$(ROOMS)/cameraParameters.mat" ] || { echo 'usage: make eval-rooms ROOMS=<folder with photos/ and truth/, or York Urban>' >&2; exit 2; }
	@cargo run --release --locked --quiet --package vitrine-scene --example eval_rooms -- "$(ROOMS)" $(EVAL)

eval-light: ## measure light, shadow and insertion in rooms of our own whose light is known (PICTURES=<folder>)
	@cargo run --release --locked --quiet --package vitrine-scene --example eval_light -- $(PICTURES)

bench: ## print figures: start, memory, an edit, thumbnails, the API beside a bare server (minutes)
	@scripts/bench.sh
