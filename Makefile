# Everything a reader or a contributor needs, each target ready to type.
#   make start   set up, train the six models, build the book      (minutes)
#   make lab     your own copies of the chapters in JupyterLab
#   make quick   the fast tests, in under two minutes
#   make test    every test: package, chapters, book, browser
# Variables: PYTHON (3.11 or newer), TORCH=cuda for NVIDIA GPUs on Linux,
# JOBS for the processes that share the tests.

PYTHON ?= python3
TORCH  ?= cpu
JOBS   ?= 2
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

# PyPI's Linux wheels of torch bring several GB of CUDA libraries, so the
# CPU build's index is asked as well; macOS wheels are CPU builds anyway.
TORCH_INDEX := https://download.pytorch.org/whl/cpu
TORCH_FLAGS := $(if $(filter cpu,$(TORCH)),--extra-index-url $(TORCH_INDEX) --retries 1)

.PHONY: start quick test lab chapters book epub pdf fresh check large bench clean help

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "tutorgpt needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet $(TORCH_FLAGS) -c requirements.lock torch
	$(BIN)/python -m pip install --quiet -c requirements.lock -e '.[lab,book,test,models]'
	touch $(READY)

start: $(READY) ## set up, look around, train the six models, build the book
	$(BIN)/tutorgpt doctor
	$(BIN)/tutorgpt ladder
	$(BIN)/jupyter-book build book/ --quiet
	@echo
	@echo "Read the book:        $(CURDIR)/_build/html/index.html"
	@echo "Open the notebooks:   make lab"
	@echo "Let the GPT write:    $(BIN)/tutorgpt sample --prompt 'ROMEO:'"

# A file's tests stay in one process: they share what they set up.
quick: $(READY) ## the fast tests: no chapter, no browser, no book
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile \
	  -m 'not slow and not browser and not notebook' tests

test: $(READY) ## every test: package, chapters, book, browser
	$(BIN)/python scripts/browser.py
	$(BIN)/python scripts/real_model.py
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --nbval tests notebooks

lab: $(READY) ## your own copies of the chapters in JupyterLab
	$(BIN)/tutorgpt lab

chapters: $(READY) ## write classes, exercises, quizzes, minutes into the chapters
	$(BIN)/python scripts/chapters/stamp.py
	$(BIN)/python scripts/chapters/exercises.py
	$(BIN)/python scripts/chapters/quizzes.py
	$(BIN)/python scripts/chapters/paths.py
	$(BIN)/python scripts/chapters/colab.py

book: $(READY) ## build the book; warnings are errors
	$(BIN)/jupyter-book build book/ -W -n --keep-going

epub: $(READY) ## the book for e-readers, _build/epub/tutorgpt.epub
	$(BIN)/jupyter-book build book/ -W -n --keep-going \
	  --builder custom --custom-builder epub

pdf: epub ## the book to print, _build/pdf/tutorgpt.pdf
	$(BIN)/python scripts/browser.py
	$(BIN)/python scripts/pdf.py

fresh: $(READY) ## run every chapter anew, then build the book
	$(BIN)/python scripts/chapters/fresh.py --times
	$(BIN)/jupyter-book build book/ -W -n --keep-going

check: $(READY) ## style, types, and that chapters hold their modules' text
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/python scripts/chapters/stamp.py --check
	$(BIN)/python scripts/chapters/exercises.py --check
	$(BIN)/python scripts/chapters/quizzes.py --check
	$(BIN)/python scripts/chapters/paths.py --check
	$(BIN)/python scripts/chapters/colab.py --check

LARGE ?= --device cuda --precision bf16 --compile
large: $(READY) ## train the LARGE model on a CUDA GPU; try: make large LARGE='--steps 10'
	$(BIN)/tutorgpt train --preset large --corpus songci --recipe again \
	  --steps 2000 --batch-size 32 --eval-interval 100 --out runs/large $(LARGE)

bench: $(READY) ## training speed beside named peers, about ten minutes
	$(BIN)/python -m pip install --quiet -c requirements.lock -e '.[bench]'
	$(BIN)/python benchmarks/speed.py

clean: ## remove what was built, EPUB and PDF too (not .venv)
	rm -rf _build
