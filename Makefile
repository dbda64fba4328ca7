# For those whose fingers know `make`; everything is in dev.py, which needs only python3.
.DEFAULT_GOAL := help
.PHONY: help demo test lint types pytest docs site format bench lock

help:
	@python3 dev.py

demo test lint types pytest docs site format bench lock:
	@python3 dev.py $@
