# The commands of the README. `make` alone lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MINGLU := .venv/bin/minglu

.PHONY: help setup setup-dev run chat talk train test test-fast lint eval bench bench-booking bench-voice bench-messengers bench-web clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup:
	@sh scripts/setup

setup-dev:
	@sh scripts/setup --dev

run: setup ## set up everything and start the assistant; Ctrl-C ends it
	@$(MINGLU) run

chat: setup ## talk to it here, in text
	@$(MINGLU) chat

talk: setup ## talk to it by voice
	@$(MINGLU) talk

train: setup ## train the dialogue model if its inputs changed
	@$(MINGLU) train

test: setup-dev ## set up everything and run all tests
	@$(MINGLU) train
	@.venv/bin/python -m pytest

test-fast: setup-dev ## the tests that need no model, server or engine
	@.venv/bin/python -m pytest -m "not slow" -n 2

lint: setup-dev ## ruff and mypy
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy

eval: setup-dev ## score the answers on development and test questions
	@.venv/bin/python -m bench.answers

bench: setup-dev ## run all benchmarks; JSON in var/bench, page docs/benchmarks.md
	@.venv/bin/python -m bench

bench-booking: setup-dev ## booking under load, SQLite and PostgreSQL
	@.venv/bin/python -m bench.booking

bench-voice: setup-dev ## the voice loop by stage
	@.venv/bin/python -m bench.voice

bench-messengers: setup-dev ## many chats through a Bot API server on loopback
	@.venv/bin/python -m bench.messengers

bench-web: setup-dev ## script cards at 20 staff typing, chat turns at 50 people
	@.venv/bin/python -m bench.web

clean: ## remove the environment and everything made; asks first where bookings would be lost
	@sh scripts/clean
