# Everything a newcomer needs: `make run`, and to work on it: `make test`.
.DEFAULT_GOAL := help
PORT ?= 5000
export PORT

.PHONY: help run test reliability attacks model mutation bench lint shots pages translations keys clean

help:  ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */  make \1\t/' | expand -t 22

run:  ## the console with demo data, on http://localhost:5000 (PORT=… for another)
	@tools/run.sh

test:  ## all tests on both databases and in the browser, and all checks
	@tools/test.sh

reliability:  ## the long runs: kill -9, lost answers, clock, writers, soak; KILLS=10 MINUTES=2 for less
	@tools/reliability.sh

attacks:  ## scripts in every text, in Chromium; sqlmap on forms and addresses
	@tools/attacks.sh

model:  ## orders' lives at random against a model, with planted faults; RUNS=600 STEPS=40 SEED=1
	@tools/venv.sh tests/requirements.txt
	@.venv/bin/python -m tests.model --runs "$${RUNS:-600}" --steps "$${STEPS:-40}" --seed "$${SEED:-1}"

mutation:  ## do the tests notice a wrong rule or guard; ONLY=console/rules/lifecycle.py, SHARE=10 for less
	@tools/mutation.sh

bench:  ## how fast it is, P1 to P13, against peers in the same run; QUICK=1 for two minutes
	@tools/bench.sh

lint:  ## format, lint, types and the direction of imports
	@tools/venv.sh tests/requirements.txt
	@tools/lint.sh

shots:  ## screenshots into shots/, those of the README into docs/pictures/
	@tools/venv.sh tests/requirements.txt
	@tools/chromium.sh >/dev/null
	@tools/htmx.sh
	@.venv/bin/python -m tests.pages.pictures shots --readme

pages:  ## every page looked over: axe-core, the W3C checker, Lighthouse, widths, keyboard, print
	@tools/pages.sh

translations:  ## bring the Chinese catalogue up to date with the sources
	@tools/venv.sh tests/requirements.txt
	@.venv/bin/python tools/translations.py

keys:  ## a new key, as ENCRYPTION_KEYS and DIGEST_KEY want it
	@python3 -c "import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())"

clean:  ## forget what was installed and fetched; the data in instance/ stay
	rm -rf .venv .test-assets .mypy_cache .ruff_cache .pytest_cache
